Reveal.on("slidechanged", ({ currentSlide }) => currentSlide.querySelector("tlb-scope")?.run?.());
Reveal.initialize({ hash: true, transition: "none" });
