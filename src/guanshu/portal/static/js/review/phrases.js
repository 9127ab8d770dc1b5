// A ready sentence goes into the box at once; without this file it is added when the form is sent.
document.addEventListener("change", (event) => {
  const list = event.target;
  const box = list.dataset && list.dataset.into && document.getElementById(list.dataset.into);
  if (!box || !list.value) return;
  const text = box.value.trimEnd();
  if (!text.includes(list.value)) box.value = text ? `${text}\n${list.value}` : list.value;
  list.value = "";
  box.focus();
});
