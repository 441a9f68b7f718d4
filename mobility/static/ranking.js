// Enhances the ranking's form: drag by pointer, keys on the handle, buttons and numbers
// without a reload, autosave. Without this file the same form works by its buttons.
const form = document.getElementById("ranking");
const list = document.getElementById("list");
const said = document.getElementById("said");
const told = document.getElementById("told");
const SAVE_AFTER_MS = 700;
const AGAIN_AFTER_MS = 5000;

const items = () => [...list.children];
const placeOf = (item) => items().indexOf(item) + 1;

function tell(sentence, item) {
  const values = { name: item.dataset.name, place: placeOf(item), count: list.children.length };
  told.textContent = form.dataset[sentence].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

function renumber() {
  const all = items();
  all.forEach((item, index) => {
    const number = item.querySelector("[name=rank]");
    number.value = index + 1;
    number.removeAttribute("aria-invalid");
    item.classList.remove("wrong");
    item.querySelector("[value^='up:']").disabled = index === 0;
    item.querySelector("[value^='down:']").disabled = index === all.length - 1;
  });
}

function moveTo(item, place) {
  const others = items().filter((other) => other !== item);
  list.insertBefore(item, others[place - 1] ?? null);
  renumber();
}

// --- saving -----------------------------------------------------------------------
let timer = 0;
let isSaving = false;
let isChanged = false;

function say(sentence, isFailure = false) {
  said.textContent = sentence;
  said.classList.toggle("failed", isFailure);
}

function changed() {
  isChanged = true;
  schedule(SAVE_AFTER_MS);
}

function schedule(delay) {
  clearTimeout(timer);
  timer = setTimeout(save, delay);
}

function whyNot(status, told) {
  if (status === 401 || status === 400) return form.dataset.signedOut;
  if (told.is_stale) return form.dataset.elsewhere;
  return told.problems ? told.problems.join(" ") : form.dataset.refused;
}

async function save() {
  if (isSaving) return schedule(SAVE_AFTER_MS);
  isSaving = true;
  isChanged = false;
  say(form.dataset.saving);
  const body = new FormData(form);
  body.set("act", "save");
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(body), headers: { Accept: "application/json" }, redirect: "error",
    });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) {
      form.elements.version.value = told.version;
      say(told.saved);
    } else say(whyNot(answer.status, told), true);
  } catch {
    isChanged = true;
    say(form.dataset.offline, true);
    schedule(AGAIN_AFTER_MS);
  } finally {
    isSaving = false;
  }
}

// --- buttons and numbers ----------------------------------------------------------
form.addEventListener("submit", (event) => {
  const [verb] = (event.submitter?.value ?? "").split(":");
  const item = event.submitter?.closest(".wish");
  if (!item || !["up", "down", "remove"].includes(verb)) {
    clearTimeout(timer);
    isChanged = false;
    return;
  }
  event.preventDefault();
  if (verb === "remove") {
    // the offer goes back among those below, which only the server can draw
    clearTimeout(timer);
    isChanged = false;
    tell("removed", item);
    return submitAct(event.submitter.value);
  }
  moveTo(item, placeOf(item) + (verb === "up" ? -1 : 1));
  if (event.submitter.disabled) item.querySelector(".moves button:enabled").focus();
  else event.submitter.focus();
  tell("moved", item);
  changed();
});

function submitAct(act) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "act", value: act });
  form.append(field);
  form.submit();
}

list.addEventListener("change", (event) => {
  if (event.target.name !== "rank") return;
  const item = event.target.closest(".wish");
  const place = Number(event.target.value);
  if (!Number.isInteger(place) || place < 1 || place > list.children.length) return;
  moveTo(item, place);
  event.target.focus();
  tell("moved", item);
  changed();
});

// --- keys on the handle -----------------------------------------------------------
let held = null;
let before = 0;

function grab(item) {
  held = item;
  before = placeOf(item);
  item.classList.add("held");
}

function drop(sentence) {
  held.classList.remove("held");
  tell(sentence, held);
  if (placeOf(held) !== before) changed();
  held = null;
}

list.addEventListener("keydown", (event) => {
  const handle = event.target.closest(".handle");
  if (!handle) return;
  const item = handle.closest(".wish");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (event.key === " " || event.key === "Enter") {
    if (held) drop("dropped");
    else {
      grab(item);
      tell("grabbed", item);
    }
  } else if (held && step) {
    const place = placeOf(item) + step;
    if (place >= 1 && place <= list.children.length) moveTo(item, place);
    handle.focus();
    tell("moved", item);
  } else if (held && event.key === "Escape") {
    moveTo(item, before);
    handle.focus();
    drop("putBack");
  } else return;
  event.preventDefault();
});

list.addEventListener("focusout", (event) => {
  const isGone = event.relatedTarget && !held?.contains(event.relatedTarget);
  if (held && isGone && event.target.closest(".handle")) drop("dropped");
});

// --- dragging by pointer ----------------------------------------------------------
list.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest(".handle");
  if (!handle || event.button !== 0 || held) return;
  event.preventDefault();
  handle.focus();
  const item = handle.closest(".wish");
  grab(item);
  const follow = (moved) => {
    const over = items().find((other) => {
      const box = other.getBoundingClientRect();
      return moved.clientY >= box.top && moved.clientY <= box.bottom;
    });
    if (over && over !== item) moveTo(item, placeOf(over));
    const edge = 60;
    if (moved.clientY < edge) window.scrollBy(0, -12);
    if (moved.clientY > window.innerHeight - edge) window.scrollBy(0, 12);
  };
  const end = (ended) => {
    window.removeEventListener("pointermove", follow);
    window.removeEventListener("pointerup", end);
    window.removeEventListener("pointercancel", end);
    if (!held) return;
    if (ended.type === "pointercancel") moveTo(item, before);
    drop(ended.type === "pointercancel" ? "putBack" : "dropped");
  };
  window.addEventListener("pointermove", follow);
  window.addEventListener("pointerup", end);
  window.addEventListener("pointercancel", end);
});

if (list) {
  for (const each of form.querySelectorAll(".scripted")) each.hidden = false;
  window.addEventListener("beforeunload", (event) => {
    if (isChanged || isSaving) event.preventDefault();
  });
}
