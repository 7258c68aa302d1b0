// Light or dark before the first paint: what the person chose in this browser, else what the device says.
// The key is the one of the pages of records, so that both sides of the console agree.
{
  const KEY = "adminTheme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const wanted = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? "auto";
    } catch {
      return "auto"; // the browser keeps nothing for us
    }
  };
  const show = () => {
    const isDark = wanted() === "dark" || (wanted() === "auto" && dark.matches);
    document.documentElement.dataset.room = isDark ? "kitchen" : "dining";
    return isDark;
  };
  show();
  dark.addEventListener("change", show);
  addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-room-switch]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        localStorage.setItem(KEY, JSON.stringify(show() ? "light" : "dark"));
        document.documentElement.classList.toggle("dark", show());
      });
    }
  });
}
