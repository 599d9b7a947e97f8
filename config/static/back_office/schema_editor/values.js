// Reading and writing by dotted paths within a component.

export function valueAt(component, path) {
  return path.split(".").reduce((value, name) => value?.[name], component);
}

/** Write `value`; undefined removes the member, so that the default counts. */
export function write(component, path, value) {
  const names = path.split(".");
  const last = names.pop();
  let target = component;
  for (const name of names) {
    if (typeof target[name] !== "object" || target[name] === null) {
      if (value === undefined) return;
      target[name] = {};
    }
    target = target[name];
  }
  if (value === undefined) delete target[last];
  else target[last] = value;
}
