// Keys, and small courtesies. Everything here can also be done without it.
"use strict";

(() => {
  const keys = document.getElementById("keys");
  const decision = document.getElementById("decision");
  const leave = document.getElementById("leave");
  let leaving = true;

  // a page that the browser kept is asked for anew: its reader may have signed out meanwhile
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  const typing = (target) =>
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

  const rows = () => [...document.querySelectorAll("a.open")];

  const move = (step) => {
    const all = rows();
    if (all.length === 0) return;
    const at = all.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
    all[next].focus();
    all[next].closest("li").scrollIntoView({ block: "nearest" });
  };

  const press = (key) => {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (!target) return false;
    if (target.tagName === "SELECT") target.focus();
    else target.click();
    return true;
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (keys && keys.open) return;
    switch (event.key) {
      case "j": move(1); break;
      case "k": move(-1); break;
      case "o": if (rows().includes(document.activeElement)) document.activeElement.click(); break;
      case "a": case "r": case "c": case "e": case "n": if (!press(event.key)) return; break;
      case "?": if (keys) keys.showModal(); break;
      default: return;
    }
    event.preventDefault();
  });

  // one decision an item: a second press of the key changes nothing
  if (decision) {
    decision.addEventListener("submit", (event) => {
      if (decision.dataset.sent) event.preventDefault();
      decision.dataset.sent = "yes";
      leaving = false;
    });
  }

  const send = (address) => {
    const body = new URLSearchParams(new FormData(leave));
    navigator.sendBeacon(address, body);
  };

  if (leave) {
    addEventListener("pagehide", () => { if (leaving) send(leave.action); });
    document.querySelectorAll("details[data-seen]").forEach((words) => {
      words.addEventListener("toggle", () => { if (words.open) send(words.dataset.seen); }, { once: true });
    });
  }

  // the picker: finding by name, whole classes, and what is ticked so far
  const picker = document.getElementById("picker");
  if (picker) startPicker(picker);

  function startPicker(form) {
    const find = form.querySelector("#find");
    const found = form.querySelector("#found");
    const chosen = form.querySelector("#chosen");
    const groups = [...form.querySelectorAll("details.class")];
    const boxes = [...form.querySelectorAll('input[name="pupil"]')];
    const wereOpen = new Map(groups.map((group) => [group, group.open]));
    const row = (box) => box.closest("li");
    const nameOf = (box) => row(box).querySelector(".pick-name").textContent.trim();
    const isShown = (box) => !row(box).hidden && !box.closest("details:not([open])");
    // as the server folds names
    const folded = (text) =>
      text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/ł/g, "l").replace(/ø/g, "o").trim();

    find.closest(".pair").querySelector("button").hidden = true;
    document.documentElement.classList.add("scripted");

    const fits = (name, wanted) => {
      const parts = name.split(/[\s-]+/);
      return wanted.every((word) => parts.some((part) => part.startsWith(word)));
    };

    const filter = () => {
      const wanted = folded(find.value).split(/\s+/).filter(Boolean);
      let count = 0;
      for (const box of boxes) {
        const hit = fits(row(box).dataset.find, wanted);
        row(box).hidden = !hit;
        count += hit ? 1 : 0;
      }
      for (const group of groups) {
        const hits = group.querySelectorAll(".picks li:not([hidden])").length;
        const everyone = group.querySelector(".everyone");
        group.hidden = wanted.length > 0 && hits === 0;
        group.open = wanted.length > 0 ? hits > 0 : wereOpen.get(group) || group.querySelector('input[name="pupil"]:checked') !== null;
        if (everyone) everyone.hidden = wanted.length > 0;
      }
      found.textContent = wanted.length === 0 ? "" : count === 1 ? "1 pupil found." : `${count} pupils found.`;
    };

    const recount = () => {
      for (const group of groups) {
        const own = [...group.querySelectorAll('input[name="pupil"]')];
        const on = own.filter((box) => box.checked).length;
        const all = group.querySelector('input[name="class"]');
        const pupils = own.length === 1 ? "1 pupil" : `${own.length} pupils`;
        group.querySelector("summary .meta").textContent = on > 0 ? `${pupils}, ${on} ticked` : pupils;
        if (all) {
          all.checked = on > 0 && on === own.length;
          all.indeterminate = on > 0 && on < own.length;
        }
      }
      const ticked = boxes.filter((box) => box.checked);
      chosen.hidden = ticked.length === 0;
      chosen.querySelector("h3").textContent = ticked.length === 1 ? "1 pupil ticked" : `${ticked.length} pupils ticked`;
      chosen.querySelector("ul").replaceChildren(...ticked.map(chip));
    };

    const chip = (box) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const sign = document.createElement("span");
      button.type = "button";
      sign.textContent = "×";
      sign.setAttribute("aria-hidden", "true");
      button.append(nameOf(box), " ", sign);
      button.setAttribute("aria-label", `Untick ${nameOf(box)}`);
      button.addEventListener("click", () => {
        box.checked = false;
        recount();
        found.textContent = `${nameOf(box)} is not ticked any more.`;
        (chosen.querySelector("button") || find).focus();
      });
      item.append(button);
      return item;
    };

    const walk = (from, step) => {
      const shown = boxes.filter(isShown);
      const to = shown[from ? shown.indexOf(from) + step : 0];
      (to || (step < 0 ? find : from))?.focus();
    };

    find.addEventListener("input", filter);
    find.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown") {
        event.preventDefault();
        walk(null, 1);
      } else if (event.key === "Escape" && find.value) {
        event.preventDefault();
        find.value = "";
        filter();
      } else if (event.key === "Enter") {
        event.preventDefault();
        const first = find.value.trim() && boxes.find((box) => isShown(box) && !box.checked);
        if (!first) return;
        first.checked = true;
        find.value = "";
        recount();
        filter();
        found.textContent = `${nameOf(first)}, ${first.closest("details")?.dataset.class ?? ""}: ticked.`;
      }
    });
    form.addEventListener("keydown", (event) => {
      if (event.target.name !== "pupil") return;
      if (event.key === "ArrowDown") walk(event.target, 1);
      else if (event.key === "ArrowUp") walk(event.target, -1);
      else return;
      event.preventDefault();
    });
    form.addEventListener("change", (event) => {
      if (event.target.name === "class") {
        const own = event.target.closest("details").querySelectorAll('input[name="pupil"]');
        own.forEach((box) => { box.checked = event.target.checked; });
      }
      if (["class", "pupil"].includes(event.target.name)) recount();
    });
    recount();
    if (find.value) filter();
  }

  // the verdict after an answer usually takes a second or two
  const again = document.querySelector("[data-again]");
  if (again) setTimeout(() => { location.assign(again.dataset.again); }, 2000);
})();
