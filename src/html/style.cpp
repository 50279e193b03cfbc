#include "markup.hpp"

namespace pyro::html {

std::string_view style_sheet() {
  return R"css(
:root{color-scheme:light dark;--paper:#fbfcfd;--card:#ffffff;--ink:#1c2630;--soft:#55636f;--rule:#d8dfe5;--grid:#e8edf1;
--heat:8 64 120;--cell:#000;--accent:#0b6e86;--muted:#6d7a85;--good:#1a7f4b;--warning:#b25300;
--angry:#c04a00;--disgust:#00805c;--fear:#a84c8b;--happy:#a97400;--sad:#0063a3;--surprise:#2588c2;--neutral:#66717b}
@media (prefers-color-scheme:dark){:root{--paper:#11161d;--card:#19212a;--ink:#e6ecf2;--soft:#a3b1be;--rule:#313d49;--grid:#26303a;
--heat:38 110 175;--cell:#fff;--accent:#5ec8d8;--muted:#8d9aa6;--good:#5fc48d;--warning:#f2b84b;
--angry:#ee7a3a;--disgust:#2ebd92;--fear:#dd97c1;--happy:#eeba44;--sad:#4d96d9;--surprise:#8fd0f4;--neutral:#a2adb7}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
main,header.top,footer{max-width:1120px;margin:0 auto;padding:0 28px}
header.top{padding-top:36px}
h1{font-size:26px;line-height:1.2;font-weight:600;margin:0 0 6px;letter-spacing:-.01em}
.subtitle{color:var(--soft);margin:0;overflow-wrap:anywhere}
nav{margin:16px 0 0;display:flex;flex-wrap:wrap;gap:6px 18px;font-size:14px}
section{margin:34px 0 0;padding-top:18px;border-top:1px solid var(--rule)}
h2{font-size:19px;font-weight:600;margin:0 0 10px}
h3{font-size:15px;font-weight:600;margin:22px 0 8px}
p{max-width:72ch;margin:0 0 12px}
a{color:var(--accent);text-decoration:none}a:hover,a:focus{text-decoration:underline}
.warn{border-left:4px solid var(--warning);background:var(--card);padding:10px 14px;max-width:76ch;margin:0 0 14px}
pre{background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:10px 14px;overflow-x:auto;font:13px/1.45 ui-monospace,"Liberation Mono",monospace}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:0 0 16px}
.tile{background:var(--card);border:1px solid var(--rule);border-top:3px solid var(--c);border-radius:6px;padding:12px 14px}
.tile b{display:block;font-size:24px;font-weight:600;line-height:1.2;font-variant-numeric:tabular-nums}
.tile span{display:block}.tile small{display:block;color:var(--soft);font-size:13px}
.scroll{overflow-x:auto;margin:0 0 16px}
table{border-collapse:collapse;font-size:14px}
caption{text-align:left;color:var(--soft);padding:0 0 6px}
th,td{text-align:left;padding:5px 12px;border-bottom:1px solid var(--rule);vertical-align:top}
th{font-weight:600}thead th{border-bottom:2px solid var(--rule);white-space:nowrap}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.total td{border-top:2px solid var(--rule);font-weight:600}
table.matrix td,table.matrix th{text-align:center;padding:0;border:0}
table.matrix thead th{padding:4px 10px;border:0}table.matrix tbody th{text-align:right;padding:0 10px;vertical-align:middle}
table.matrix td{border:2px solid var(--paper);background:rgb(var(--heat) / calc(var(--v) * .97 + .03));font-variant-numeric:tabular-nums;min-width:68px}
table.matrix td>a,table.matrix td>span{display:block;padding:9px 8px;color:var(--cell)}
table.matrix td.hot>a,table.matrix td.hot>span{color:#fff}
table.matrix td.hit{outline:1px solid var(--soft);outline-offset:-3px}
table.matrix small{display:block;font-size:11px}
figure{margin:0 0 18px}figcaption{font-weight:600;margin:0 0 4px}
figure.chart svg{display:block;max-width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
.beside{display:flex;flex-wrap:wrap;gap:8px 20px}.beside>*{min-width:0}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:13px;color:var(--soft);margin:0 0 4px;padding:0;list-style:none}
.legend i{display:inline-block;width:18px;height:0;border-top:3px solid var(--c);vertical-align:middle;margin-right:6px}
.legend i.dash{border-top-style:dashed}.legend i.dot{width:9px;height:9px;border:0;border-radius:50%;background:var(--c)}
svg text{fill:var(--soft)}svg .grid{stroke:var(--grid)}svg .axis{stroke:var(--soft)}
svg .line{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round}svg .dash{stroke-dasharray:6 4}
svg .band{fill:var(--c);fill-opacity:.16}svg .fill{fill:var(--c)}svg .err{stroke:var(--ink);stroke-width:1.3;fill:none}
svg .mark{stroke:var(--muted);stroke-dasharray:3 3}svg .spot{fill:transparent}svg .spot:hover{fill:var(--c)}
svg .dots circle{fill:var(--c);fill-opacity:.65}svg .dots circle:hover{fill-opacity:1;stroke:var(--ink)}
svg .place{fill:var(--ink);font-size:14px;font-weight:600;paint-order:stroke;stroke:var(--paper);stroke-width:4px;pointer-events:none}
.pictures{gap:10px;margin:0 0 16px;padding:0;list-style:none}.pictures.grid{display:grid;grid-template-columns:repeat(auto-fill,var(--side))}
.pictures li{font-size:12px;line-height:1.3;color:var(--soft);overflow-wrap:anywhere;width:var(--side)}
.pictures img{display:block;width:100%;height:auto;border-radius:3px;background:var(--grid)}
.picture-groups{display:flex;flex-wrap:wrap;gap:10px;margin:0 0 16px;align-items:flex-start}
.picture-groups .pictures{display:flex;flex-wrap:wrap;gap:8px;margin:0;padding:8px;border:1px solid var(--rule);border-radius:6px;background:var(--card)}
.badge{display:inline-block;border-left:4px solid var(--c);padding:0 0 0 5px;margin-top:3px;color:var(--ink)}
.picture img{display:block;max-width:100%;border-radius:4px}.picture figcaption{font-weight:400;color:var(--soft);font-size:13px;margin-top:4px}
summary{cursor:pointer;color:var(--accent);margin:0 0 10px}
#lens{position:fixed;display:none;pointer-events:none;border:2px solid var(--ink);border-radius:4px;background-color:var(--card);image-rendering:auto;z-index:9}
footer{margin-top:44px;padding-top:14px;padding-bottom:36px;color:var(--soft);font-size:13px}
footer p{max-width:none;margin:0 0 4px;border-top:1px solid var(--rule);padding-top:12px}footer p+p{border:0;padding:0}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444}body{font-size:11pt}nav{display:none}
main,header.top,footer{max-width:none;padding-left:0;padding-right:0}figure,.tile,tr,li{break-inside:avoid}h2,h3{break-after:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
)css"
         ".t-angry{--c:var(--angry)}.t-disgust{--c:var(--disgust)}.t-fear{--c:var(--fear)}.t-happy{--c:var(--"
         "happy)}"
         ".t-sad{--c:var(--sad)}.t-surprise{--c:var(--surprise)}.t-neutral{--c:var(--neutral)}"
         ".t-accent{--c:var(--accent)}.t-muted{--c:var(--muted)}.t-good{--c:var(--good)}.t-warning{--c:var(--"
         "warning)}\n";
}

std::string_view hover_script() {
  return R"js(
(function(){
var lens=document.createElement("div");lens.id="lens";document.body.appendChild(lens);
document.querySelectorAll("g[data-sheet]").forEach(function(g){
var side=Number(g.dataset.side),columns=Number(g.dataset.columns),zoom=2,sheet=document.getElementById(g.dataset.sheet);
g.addEventListener("mouseover",function(event){
var at=event.target.dataset.picture;if(at===undefined)return;
lens.style.width=lens.style.height=side*zoom+"px";
lens.style.backgroundImage="url("+sheet.getAttribute("src")+")";
lens.style.backgroundSize=columns*side*zoom+"px auto";
lens.style.backgroundPosition=-(at%columns)*side*zoom+"px "+-Math.floor(at/columns)*side*zoom+"px";
lens.style.left=Math.min(event.clientX+16,innerWidth-side*zoom-8)+"px";
lens.style.top=Math.max(8,event.clientY-side*zoom-16)+"px";lens.style.display="block";});
g.addEventListener("mouseout",function(){lens.style.display="none";});
});
})();
)js";
}

}  // namespace pyro::html
