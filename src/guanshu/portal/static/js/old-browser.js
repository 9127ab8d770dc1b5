// ES5 on purpose: this is the one script that must run where the others cannot.
(function () {
  var chromium = /Chrom(?:e|ium)\/(\d+)/.exec(navigator.userAgent);
  var old = document.documentMode || (chromium && parseInt(chromium[1], 10) < 86);
  var note = document.getElementById("browser-note");
  if (old && note) note.className += " shown";
})();
