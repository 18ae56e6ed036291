// Our own signs for the toolbar, drawn on a square of 20.
const PATHS = {
  bold: "M6 4h4.6a3 3 0 0 1 0 6H6zM6 10h5.4a3 3 0 0 1 0 6H6z",
  italic: "M9 4h6M5 16h6M12 4 8 16",
  link: "M8.5 11.5a3.2 3.2 0 0 0 4.6 0l2.4-2.4a3.2 3.2 0 0 0-4.6-4.6L9.7 5.7M11.5 8.5a3.2 3.2 0 0 0-4.6 0l-2.4 2.4a3.2 3.2 0 0 0 4.6 4.6l1.2-1.2",
  bulletList: "M8 5h9M8 10h9M8 15h9M3.5 5h.01M3.5 10h.01M3.5 15h.01",
  orderedList: "M9 5h8M9 10h8M9 15h8M3 3.6 4.2 3v4M2.8 13.4c.2-1.4 2.6-1.2 2.2.2L2.9 16.6h2.3",
  blockquote: "M3.5 13.5c2 0 3.5-1.4 3.5-4V6H3.5v3.8H7M11.5 13.5c2 0 3.5-1.4 3.5-4V6h-3.5v3.8H15",
  plus: "M10 4v12M4 10h12",
  more: "M4 10h.9M9.6 10h.9M15.2 10h.9",
  undo: "M7 4 3.5 7.5 7 11M3.5 7.5h8a4.3 4.3 0 0 1 0 8.6H8",
  redo: "m13 4 3.5 3.5L13 11M16.5 7.5h-8a4.3 4.3 0 0 0 0 8.6H12",
  picture: "M3 4.5h14v11H3zM3 13l4-4 4 4 2.5-2.5L17 14M13.2 7.6h.01",
  pullquote:
    "M3 3.5h14M3 16.5h14M6 12.5c1.4-.2 2.2-1.2 2.2-3.200V7H5.800v2.500h2.400M11.8 12.500c1.4-.2 2.2-1.2 2.2-3.200V7h-2.400v2.500H14",
  embed: "M3 4h14v12H3zM8.5 7.500v5l4-2.500z",
  table: "M3 4h14v12H3zM3 8.500h14M8 8.500V16M12.5 8.500V16",
  footnote: "M3 15 6.5 5.5 10 15M4.2 12h4.600M13 5l1.6-1v5M12.6 9h4",
  character: "M4 16h4v-2C5.5 12.6 4.5 11 4.5 9a5.5 5.5 0 0 1 11 0c0 2-1 3.6-3.5 5v2h4",
  horizontalRule: "M3 10h14",
  strike:
    "M3 10h14M14 6.500C13.5 4.8 12 4 10 4 7.6 4 6 5.2 6 7c0 1 .5 1.7 1.3 2.200M6 13.200c.3 1.8 1.8 2.8 4 2.8 2.5 0 4-1.2 4-3 0-.8-.3-1.5-.9-2",
  subscript: "m3 5 6.5 8M9.5 5 3 13M13 14.200c.2-1.6 3.2-1.4 2.8.3L13 17.500h3.2",
  superscript: "m3 7 6.5 8M9.5 7 3 15M13 4.200c.2-1.6 3.2-1.4 2.8.3L13 7.500h3.2",
  cite: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M12.4 8.2a3 3 0 1 0 0 3.6",
  clear: "M5 4h10M10 4 8.5 11M5 16h4M12 12l4 4M16 12l-4 4",
  find: "M9 3.500a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M13 13l4 4",
  html: "M7 6 3 10l4 4M13 6l4 4-4 4",
  rowAfter: "M3 3h14v6H3zM10 12v6M7 15h6",
  columnAfter: "M3 3h6v14H3zM15 7v6M12 10h6",
  deleteRow: "M3 3h14v6H3zM7 15h6",
  deleteColumn: "M3 3h6v14H3zM12 10h6",
  headerCell: "M3 4h14v12H3zM3 8.500h14M3 6.200h14",
  mergeCells: "M3 4h14v12H3zM6 10h3M14 10h-3M7.5 8 9.5 10l-2 2M12.5 8l-2 2 2 2",
  splitCell: "M3 4h14v12H3zM10 4v12",
  remove: "M4 5.500h12M8 5.500V3.500h4v2M5.5 5.5 6.2 17h7.600l.7-11.5",
  up: "m5 12 5-5 5 5",
  down: "m5 8 5 5 5-5",
  close: "M5 5l10 10M15 5 5 15",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "tool-icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
