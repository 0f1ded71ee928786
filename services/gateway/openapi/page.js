const search = document.querySelector("input");
const entries = [...document.querySelectorAll("article, nav a[data-words]")];
const groups = [...document.querySelectorAll("[data-group]")];
const nothing = document.querySelector("#nothing");
const find = () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const entry of entries) {
    entry.hidden = !words.every((word) => entry.dataset.words.includes(word));
    if (!entry.hidden && entry.tagName === "ARTICLE") found += 1;
  }
  for (const group of groups) group.hidden = !group.querySelector("[data-words]:not([hidden])");
  nothing.hidden = found > 0;
};
search.addEventListener("input", find);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== search) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "Escape" && document.activeElement === search) {
    search.value = "";
    find();
  } else if (event.key === "Enter" && document.activeElement === search) {
    document.querySelector("nav a[data-words]:not([hidden])")?.click();
  }
});
find();
