// Conveniences. Everything on the page can be read and reached without them.
"use strict";
(() => {
  const groups = [...document.querySelectorAll("details.group")];
  const contents = [...document.querySelectorAll("nav li")];
  if (groups.length === 0) return;

  const make = (tag, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };

  const status = make("p", { className: "status" });
  status.setAttribute("role", "status");
  const hidden = new Set();

  // Shows the groups of the classes that are chosen.
  const show = () => {
    groups.forEach((group, at) => {
      group.hidden = hidden.has(group.dataset.class);
      if (contents[at]) contents[at].hidden = group.hidden;
    });
    document.querySelectorAll("main > section").forEach((section) => {
      section.hidden = hidden.has(section.dataset.class);
    });
    const shown = groups.filter((group) => !group.hidden).length;
    status.textContent = `${shown} of ${groups.length} groups shown`;
  };

  const choice = (name) => {
    const box = make("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => {
      if (box.checked) hidden.delete(name);
      else hidden.add(name);
      show();
    });
    return make("label", {}, box, ` ${name}`);
  };

  const button = (text, act) => {
    const element = make("button", { type: "button", textContent: text });
    element.addEventListener("click", act);
    return element;
  };

  const open = (yes) => groups.forEach((group) => (group.open = yes));
  const keys = make("input", { type: "checkbox", checked: true });
  const classes = [...document.querySelectorAll("main > section")].map((section) => section.dataset.class);
  const chosen = make("fieldset", {}, make("legend", { textContent: "Show" }), ...classes.map(choice));
  const tools = make(
    "div",
    { className: "tools" },
    ...(classes.length > 1 ? [chosen] : []),
    button("Open all", () => open(true)),
    button("Close all", () => open(false)),
    make("label", {}, keys, " keys j and k go to the next and the previous group"),
    status,
  );
  if (groups.length > 1) document.querySelector("header").append(tools);

  // Goes to the next group that is shown, or to the one before.
  const go = (step) => {
    const titles = groups.filter((group) => !group.hidden).map((group) => group.firstElementChild);
    const at = titles.indexOf(document.activeElement);
    const next = titles[at < 0 ? (step > 0 ? 0 : titles.length - 1) : at + step];
    if (next) {
      next.focus();
      next.scrollIntoView({ block: "start" });
    }
  };

  document.addEventListener("keydown", (event) => {
    if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") go(1);
    if (event.key === "k") go(-1);
  });

  // A link to a group opens it.
  const opened = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.matches("details.group")) target.open = true;
  };
  addEventListener("hashchange", opened);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => (one.open = true)));
  opened();
  show();
})();
