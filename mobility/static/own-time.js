// Adds the reader's own local time to deadlines, where her clock is in another zone.
// "en" alone would write the month first, which no other date on these pages does
const written = document.documentElement.lang;
const locale = written === "en" ? "en-GB" : written;
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const time of document.querySelectorAll(".deadline time")) {
  if (!own || time.textContent.includes(own.replaceAll("_", " "))) continue;
  const text = new Date(time.dateTime).toLocaleString(locale, {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: own,
  });
  const added = document.createElement("span");
  added.className = "own-time";
  added.textContent = `${text}, ${own.replaceAll("_", " ")}`;
  time.after(added);
}
