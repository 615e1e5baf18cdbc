/** Turn a line of links to panels on this page into tabs. Without scripts the panels follow one another. */
export default function tabs(nav) {
  const links = [...nav.querySelectorAll("a[href^='#']")];
  const panels = links.map((link) => document.getElementById(link.hash.slice(1)));
  if (panels.some((panel) => !panel)) return;
  nav.setAttribute("role", "tablist");
  links.forEach((link, index) => {
    link.id ||= `${panels[index].id}-tab`;
    link.setAttribute("role", "tab");
    link.setAttribute("aria-controls", panels[index].id);
    link.removeAttribute("aria-current");
    panels[index].setAttribute("role", "tabpanel");
    panels[index].setAttribute("aria-labelledby", link.id);
    panels[index].tabIndex = 0;
  });

  const show = (chosen, { focus = false } = {}) => {
    links.forEach((link, index) => {
      const on = index === chosen;
      link.setAttribute("aria-selected", String(on));
      link.tabIndex = on ? 0 : -1;
      panels[index].hidden = !on;
    });
    if (focus) links[chosen].focus();
    nav.dispatchEvent(new CustomEvent("tabs:shown", { bubbles: true, detail: { panel: panels[chosen] } }));
  };

  nav.addEventListener("click", (event) => {
    const index = links.indexOf(event.target.closest("a"));
    if (index < 0) return;
    event.preventDefault();
    history.replaceState(null, "", links[index].hash);
    show(index);
  });
  nav.addEventListener("keydown", (event) => {
    const at = links.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    show((next + links.length) % links.length, { focus: true });
  });
  const named = links.findIndex((link) => link.hash === location.hash);
  show(Math.max(named, 0));
}
