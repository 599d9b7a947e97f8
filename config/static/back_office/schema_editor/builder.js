/* global Formio */
// What of Form.io is used, and how: once for the page, before its builder is made.

import { cardTemplates } from "./cards.js";
import { t } from "./text.js";
import { keyFrom } from "./tree.js";
import { isField, PALETTE } from "./types.js";

/** No script in a schema runs, nothing comes from elsewhere, and what is no frame is only a card. */
export function prepareBuilder(vendor) {
  Formio.Utils.Evaluator.noeval = true;
  Formio.cdn.setBaseUrl(vendor);
  // Each component asks for it many times, by searching all cookies.
  Formio.getUser = () => null;
  Object.assign(Formio.Templates.current, cardTemplates());
  const { components } = Formio.Components;
  const Field = fieldClass(components.component);
  for (const type of Object.keys(components)) {
    if (isField({ type })) Formio.Components.setComponent(type, Field);
  }
}

/** Fields are drawn as cards: Form.io's own inputs would only cost time, and trust. */
function fieldClass(Component) {
  return class Field extends Component {
    static schema(...values) {
      return Component.schema(...values);
    }

    render() {
      return super.render("");
    }
  };
}

/** Leave out what the builder makes for each card and nobody needs, as hundreds of them take seconds. */
export function simplify(builder) {
  // Its dialogs are not used, so there is no need to build one to see what is in it.
  builder.hasEditTabs = () => true;
  // The buttons have titles.
  builder.attachTooltip = () => ({ hide() {} });
}

/** The builder's options: our palette, our texts, and none of its own dialogs. */
export function options() {
  const groups = Object.fromEntries(
    ["basic", "advanced", "layout", "data", "premium", "resource"].map((name) => [name, false]),
  );
  PALETTE.forEach((group, index) => {
    // Not the builder's own names: it would add its own types to those.
    groups[`crm-${group.key}`] = {
      title: t(group.title),
      weight: index,
      default: index === 0,
      components: Object.fromEntries(group.entries.map((entry, weight) => [entry.key, dropped(entry, weight)])),
    };
  });
  return {
    builder: groups,
    noDefaultSubmitButton: true,
    keyboardBuilder: true,
    language: "own",
    // All that the builder says by itself.
    i18n: { own: { confirmComponentRemoveWithChildren: t("Remove this together with everything in it?") } },
    editJson: false,
  };
}

function dropped(entry, weight) {
  const label = t(entry.title);
  const schema = { input: true, label, key: keyFrom(entry.key, new Set()), ...structuredClone(entry.schema) };
  if (schema.title) schema.title = label;
  if (schema.legend) schema.legend = label;
  return { title: label, key: entry.key, icon: entry.icon, weight, schema };
}
