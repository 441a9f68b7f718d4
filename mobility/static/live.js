// Keeps a part of a page up to date: an element with data-live="ADDRESS" is filled again
// from there until the answer says X-Ended: yes; then the whole page is loaded anew.
const WAIT_MS = 1500;
const LONGEST_MS = 30000;

async function refresh(element) {
  let wait = WAIT_MS;
  let shown = "";
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (document.hidden) continue;
    try {
      const answer = await fetch(element.dataset.live, { headers: { Accept: "text/html" } });
      if (answer.headers.get("X-Ended") === "yes" || answer.status === 401) {
        location.reload();
        return;
      }
      if (!answer.ok) throw new Error(answer.statusText);
      const text = await answer.text();
      // the same text again is not put in: it would be read aloud again
      if (text !== shown) element.innerHTML = text;
      shown = text;
      wait = WAIT_MS;
    } catch {
      // the network is away: ask more and more rarely, the link beside it still works
      wait = Math.min(wait * 2, LONGEST_MS);
    }
  }
}

for (const element of document.querySelectorAll("[data-live]")) refresh(element);
