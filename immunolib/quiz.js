// Questions at work: the still page, told to the kernel when an option is chosen.
export default {
  render({ model, el }) {
    el.classList.add("immunolib-quiz");
    el.innerHTML = model.get("_html");
    const said = document.createElement("p");
    said.className = "said";
    said.setAttribute("role", "status");
    const say = () => {
      said.textContent = model.get("said");
    };
    say();
    model.on("change:said", say);
    el.append(said);

    const choose = (question, option) => {
      model.send({ question, option });
    };
    for (const section of el.querySelectorAll("section")) {
      const key = section.dataset.question;
      section.querySelectorAll("details.immunolib-option").forEach((details, at) => {
        let told = false;
        details.addEventListener("toggle", () => {
          if (details.open && !told) choose(key, at);
          told ||= details.open;
        });
      });
      const guesses = section.querySelectorAll("li.immunolib-guess");
      const buttons = [...guesses].map((item, at) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = item.textContent;
        button.setAttribute("aria-pressed", String(model.get("_made")[key] === at));
        button.addEventListener("click", () => {
          buttons.forEach((b) => b.setAttribute("aria-pressed", String(b === button)));
          choose(key, at);
        });
        item.replaceChildren(button);
        return button;
      });
    }
    // Space and Enter belong to the page; JupyterLab looks for this on the focused element itself.
    for (const one of el.querySelectorAll("button, summary")) {
      one.setAttribute("data-lm-suppress-shortcuts", "true");
    }
  },
};
