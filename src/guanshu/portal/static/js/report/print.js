// The button that prints a receipt.
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
