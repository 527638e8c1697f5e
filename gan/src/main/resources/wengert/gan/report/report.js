// The report is whole without this: it adds values under the pointer and a way to watch the samples change.
for (const chart of document.querySelectorAll(".chart")) {
  const {steps, lines} = JSON.parse(chart.querySelector("script").textContent);
  const plot = chart.querySelector(".plot"), cursor = chart.querySelector(".cursor");
  const box = chart.querySelector("output");
  plot.addEventListener("pointermove", event => {
    const rect = plot.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - rect.left) / rect.width));
    const wanted = steps[0] + share * (steps[steps.length - 1] - steps[0]);
    let i = 0;
    while (i + 1 < steps.length && Math.abs(steps[i + 1] - wanted) <= Math.abs(steps[i] - wanted)) i++;
    const at = (steps[i] - steps[0]) / (steps[steps.length - 1] - steps[0]);
    cursor.style.left = 100 * at + "%";
    box.replaceChildren("iteration " + steps[i].toLocaleString("en"));
    for (const {name, color, values} of lines) {
      if (values[i] === null) continue;
      const row = document.createElement("div");
      row.className = "c" + color;
      row.textContent = name + " " + values[i];
      box.append(row);
    }
    box.style.left = at < 0.5 ? 100 * at + 2 + "%" : "auto";
    box.style.right = at < 0.5 ? "auto" : 102 - 100 * at + "%";
    cursor.hidden = box.hidden = false;
  });
  plot.addEventListener("pointerleave", () => { cursor.hidden = box.hidden = true; });
}

const grids = [...document.querySelectorAll(".grids input")], play = document.getElementById("play");
if (play && grids.length > 1) {
  let timer = 0;
  const stop = () => { clearInterval(timer); timer = 0; play.textContent = "play"; };
  play.hidden = false;
  play.addEventListener("click", () => {
    if (timer) return stop();
    play.textContent = "stop";
    let i = 0;
    const next = () => {
      grids[i].checked = true;
      if (++i === grids.length) stop();
    };
    next();
    timer = setInterval(next, 500);
  });
}
