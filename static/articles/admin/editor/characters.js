// Signs that a keyboard does not have.
import { crel, gettext } from "django-prose-editor/editor";
import { ask, back } from "./dialog.js";

const SIGNS = [
  [gettext("Dashes and quotes"), "– — … “ ” „ ‘ ’ ‚ « » ‹ › • · ′ ″"],
  [gettext("Numbers"), "½ ⅓ ⅔ ¼ ¾ × ÷ ± − ≈ ≠ ≤ ≥ ∞ ° ‰ ² ³ µ Ω √"],
  [gettext("Money and marks"), "€ £ ¥ ¢ ₹ ₽ ₴ ₩ ₺ § ¶ © ® ™ † ‡ № ← → ↑ ↓ ✓ ✗ ★"],
  [
    gettext("Letters"),
    "À Á Â Ã Ä Å Æ Ç È É Ê Ë Í Ñ Ó Ö Ø Œ Ş Š Ú Ü Ý Ž Ł ß à á â ã ä å æ ç è é ê ë ě í ï ñ ó ô ö ø œ ř ş š ú ü ý ž ł ı ğ ð þ",
  ],
];
/** Signs that nobody can see, with their names. */
const UNSEEN = [
  ["\u00a0", gettext("No-break space")],
  ["\u202f", gettext("Narrow no-break space")],
  ["\u2009", gettext("Thin space")],
  ["\u00ad", gettext("Soft hyphen")],
  ["\u2011", gettext("No-break hyphen")],
];

/** Let somebody choose a sign and put it where the caret is. */
export async function chooseCharacter(editor) {
  const answer = await ask({
    title: gettext("Special characters"),
    className: "ask--signs",
    submit: null,
    build(form, dialog) {
      const button = (sign, name, text) => {
        const one = crel("button", { type: "button", textContent: text, className: "sign" });
        if (name !== text) one.setAttribute("aria-label", name);
        one.addEventListener("click", () => {
          dialog.answer = sign;
          dialog.close();
        });
        return one;
      };
      const group = (title, buttons, kind = "") => {
        const set = crel("fieldset", { className: `signs ${kind}` }, [
          crel("legend", { textContent: title }),
          ...buttons,
        ]);
        form.append(set);
      };
      for (const [title, signs] of SIGNS) {
        group(
          title,
          signs.split(" ").map((sign) => button(sign, sign, sign)),
        );
      }
      const unseen = UNSEEN.map(([sign, name]) => button(sign, name, name));
      group("Unseen", unseen, "signs--named");
    },
  });
  const chain = back(editor);
  (typeof answer === "string" ? chain.insertContent({ type: "text", text: answer }) : chain).run();
}
