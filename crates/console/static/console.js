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
})();
