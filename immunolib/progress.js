// The progress view: a table, three actions, one sentence.
export default {
  render({ model, el }) {
    el.classList.add("immunolib-progress");
    const make = (tag, text) => {
      const made = document.createElement(tag);
      made.textContent = text;
      if (tag === "button") made.type = "button";
      return made;
    };
    const table = make("div", "");
    const said = make("p", "");
    said.className = "said";
    said.setAttribute("role", "status");
    const draw = () => {
      table.innerHTML = model.get("_html");
    };
    const say = () => {
      said.textContent = model.get("said");
    };
    draw();
    say();
    model.on("change:_html", draw);
    model.on("change:said", say);

    const renew = make("button", "Look again");
    renew.addEventListener("click", () => model.send({ kind: "renew" }));

    const copy = make("button", "Save a copy");
    copy.addEventListener("click", () => model.send({ kind: "copy" }));
    model.on("msg:custom", (message) => {
      if (message.kind !== "copy") return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([message.text], { type: "application/json" }));
      link.download = "immunolib_progress.json";
      link.click();
      URL.revokeObjectURL(link.href);
    });

    const label = make("label", "Bring back a copy: ");
    const file = document.createElement("input");
    file.type = "file";
    file.accept = ".json,application/json";
    file.addEventListener("change", async () => {
      if (file.files.length) model.send({ kind: "back", text: await file.files[0].text() });
      file.value = "";
    });
    label.append(file);

    const forget = make("button", "Begin anew");
    const sure = make("button", "Yes, forget every answer");
    const keep = make("button", "No, keep them");
    const ask = (open) => {
      sure.hidden = keep.hidden = !open;
      forget.setAttribute("aria-expanded", String(open));
    };
    ask(false);
    forget.addEventListener("click", () => {
      ask(true);
      keep.focus();
    });
    keep.addEventListener("click", () => {
      ask(false);
      forget.focus();
    });
    sure.addEventListener("click", () => {
      ask(false);
      forget.focus();
      model.send({ kind: "forget" });
    });
    // JupyterLab looks for this on the focused element itself.
    for (const one of [renew, copy, file, forget, sure, keep]) {
      one.setAttribute("data-lm-suppress-shortcuts", "true");
    }
    el.append(table, said, renew, copy, label, document.createElement("br"), forget, sure, keep);
  },
};
