// Menus in the top bar are <details>: they work without this file; it closes them when attention moves elsewhere.
const menus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  menus().forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

document.addEventListener("focusin", (event) => {
  menus().forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menus().forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

// A job has ended: the page is loaded again to show what came of it. What somebody is typing there must not be lost.
document.addEventListener("job-ended", () => {
  const typed = [...document.querySelectorAll("textarea, input")].some(
    (field) => field.type !== "hidden" && (field.value !== field.defaultValue || field.checked !== field.defaultChecked),
  );
  if (!typed) {
    location.reload();
    return;
  }
  document.querySelectorAll(".job-result").forEach((link) => {
    link.hidden = false;
  });
});
