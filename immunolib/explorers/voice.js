// The explorer's voice: one live region for as long as the explorer is on the page.
// It also keeps the notebook's shortcuts away from the explorer's own controls.

const CONTROLS = "select, input, button";

function guard(explorer) {
  for (const control of explorer.querySelectorAll(CONTROLS)) {
    // JupyterLab looks for this on the focused element itself, not on its parents.
    control.setAttribute("data-lm-suppress-shortcuts", "true");
  }
}

function render({ model, el }) {
  const region = document.createElement("div");
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  region.style.cssText =
    "max-width: 46em; min-height: 6.5em; font-size: 14px; line-height: 1.45";
  const said = document.createElement("p");
  said.style.fontWeight = "bold";
  const gist = document.createElement("p");
  region.append(said, gist);
  el.append(region);

  const tell = () => {
    said.textContent = model.get("said");
    said.hidden = !said.textContent;
    gist.textContent = model.get("gist");
  };
  model.on("change:said change:gist", tell);
  tell();

  // The view is put into its explorer after it is made, and other views may come later.
  const watch = new MutationObserver(() => {
    const explorer = el.closest(".immunolib-explorer");
    if (explorer) guard(explorer);
  });
  watch.observe(document.body, { childList: true, subtree: true });
  return () => {
    watch.disconnect();
    model.off("change:said change:gist", tell);
  };
}

export default { render };
