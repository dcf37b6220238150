// Words selected in the document go with the link that raises a finding. Without script, or by the
// keyboard alone, they are typed into the box of that form.

const MOST = 500;
const link = document.querySelector("[data-raise]");

const words = (range) => {
  const chosen = range.cloneContents();
  for (const extra of chosen.querySelectorAll("del, .sr, mark a")) extra.remove();
  return chosen.textContent.replace(/\s+/g, " ").trim();
};

const chosen = () => {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const at = range.commonAncestorContainer;
  const place = (at.nodeType === Node.ELEMENT_NODE ? at : at.parentElement).closest("dd");
  const section = place?.closest("[data-passages] [data-section]");
  const text = section ? words(range) : "";
  return text && text.length <= MOST ? { section: section.dataset.section, passage: text } : null;
};

if (link) {
  const label = link.lastChild.textContent;
  const address = link.href;
  link.addEventListener("mousedown", (event) => event.preventDefault()); // keeps what is selected
  document.addEventListener("selectionchange", () => {
    const found = chosen();
    link.href = found ? `${address}?${new URLSearchParams(found)}` : address;
    link.lastChild.textContent = found ? link.dataset.raise : label;
  });
}
