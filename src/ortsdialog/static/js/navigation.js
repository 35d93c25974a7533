// On a phone the desk's navigation runs sideways: bring the entry of this page into view.
document
  .querySelector(".desk-side [aria-current]")
  ?.scrollIntoView({ inline: "center", block: "nearest" });
