// What a script adds to pages that are whole without one. Served as one file.
import "./menu.js";
import "./beacon.js";
import "./counts.js";
import "./share.js";
import "./progress.js";
import "./embeds.js";
import "./seeking.js";
