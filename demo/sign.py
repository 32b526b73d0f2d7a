#!/usr/bin/env python3
"""The signing of the demonstration: a root of its own, a leader whom it vouches for, and certificates that she signs.

    sign.py root FOLDER                             FOLDER/roots, for media.signature_roots, and FOLDER/signer.*
    sign.py certificate FOLDER TITLE NUMBER LINE…   a signed PDF of one page, on standard output

The root says of itself that it is one of a demonstration: tramd believes it with --demo alone. Its keys are made
anew for each folder; needs openssl, and a font that has Vietnamese letters (fonts-noto-core).
"""
import os
import struct
import subprocess
import sys
import zlib

MARK = "Tram demonstration"  # media/paper/trust.h
SIGNER = "Nguyễn Văn Thành"  # leader.demo of staff.json
FONT = "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"
ROOM = 12000  # hex digits kept for the signature
SIZE = 12
WIDTH, HEIGHT = 595, 842


def openssl(folder, *words, given=None):
    done = subprocess.run(["openssl", *words], cwd=folder, input=given, capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"sign.py: openssl {words[0]}: {done.stderr.decode().strip()}")
    return done.stdout


def make_root(folder):
    os.makedirs(os.path.join(folder, "roots"), mode=0o700, exist_ok=True)
    if os.path.exists(os.path.join(folder, "signer.pem")):
        return
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-utf8"]
    openssl(folder, "req", "-x509", *new, "-keyout", "root.key", "-out", "roots/root.pem", "-days", "365",
            "-subj", f"/O={MARK}/CN=Gốc ký thử", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    openssl(folder, "req", *new, "-keyout", "signer.key", "-out", "signer.csr",
            "-subj", f"/O={MARK}/CN={SIGNER}")
    with open(os.path.join(folder, "signer.cnf"), "w", encoding="utf-8") as out:
        out.write("basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n")
    # A list that says that nobody was revoked, so that this is known.
    with open(os.path.join(folder, "ca.cnf"), "w", encoding="utf-8") as out:
        out.write("[ca]\ndefault_ca=own\n[own]\ndatabase=index\ndefault_md=sha256\n")
    open(os.path.join(folder, "index"), "w", encoding="utf-8").close()
    openssl(folder, "ca", "-gencrl", "-config", "ca.cnf", "-keyfile", "root.key", "-cert", "roots/root.pem",
            "-crldays", "365", "-out", "roots/root.crl")
    openssl(folder, "x509", "-req", "-in", "signer.csr", "-CA", "roots/root.pem", "-CAkey", "root.key",
            "-CAcreateserial", "-days", "364", "-extfile", "signer.cnf", "-out", "signer.pem")


class Font:
    """Of a TrueType file: the glyph of each letter, and how wide it is in thousandths."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = file.read()
        count = struct.unpack(">H", self.bytes[4:6])[0]
        rows = (struct.unpack(">4sIII", self.bytes[12 + 16 * i:28 + 16 * i]) for i in range(count))
        self.tables = {name.decode(): at for name, _, at, _ in rows}
        self.units = self.number("head", 18)
        self.widths = self.number("hhea", 34)
        self.letters = self.read_letters()

    def number(self, table, offset, form=">H"):
        return struct.unpack_from(form, self.bytes, self.tables[table] + offset)[0]

    def read_letters(self):
        for i in range(self.number("cmap", 2)):
            at = self.number("cmap", 8 + 8 * i, ">I")
            if self.number("cmap", at) == 4:
                return self.read_segments(at)
        sys.exit(f"sign.py: {FONT} names its letters in another way")

    def read_segments(self, at):
        found, n = {}, self.number("cmap", at + 6)  # n: twice the number of segments
        for i in range(0, n, 2):
            last, first = self.number("cmap", at + 14 + i), self.number("cmap", at + 16 + n + i)
            delta, leap = self.number("cmap", at + 16 + 2 * n + i), self.number("cmap", at + 16 + 3 * n + i)
            for letter in range(first, min(last, 0xFFFE) + 1):
                glyph = letter
                if leap:
                    glyph = self.number("cmap", at + 16 + 3 * n + i + leap + 2 * (letter - first))
                if glyph:
                    found[letter] = (glyph + delta) & 0xFFFF
        return found

    def glyphs(self, text):
        return [self.letters.get(ord(letter), 0) for letter in text]

    def width(self, glyph):
        return self.number("hmtx", 4 * min(glyph, self.widths - 1)) * 1000 // self.units


def stream(entries, content):
    packed = zlib.compress(content)
    head = f"<< {entries} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode()
    return head + packed + b"\nendstream"


def draw(font, lines):
    """Of lines as (text, size, down from the last): centred, one below the other."""
    drawn, y = [], HEIGHT - 80
    for text, size, down in lines:
        glyphs = font.glyphs(text)
        wide = sum(map(font.width, glyphs)) * size / 1000
        y -= down
        codes = "".join(f"{glyph:04x}" for glyph in glyphs)
        drawn.append(f"BT /F {size} Tf {max(40, (WIDTH - wide) / 2):.1f} {y} Td <{codes}> Tj ET")
    return "\n".join(drawn).encode()


def write(font, lines):
    used = sorted({glyph for text, _, _ in lines for glyph in font.glyphs(text)})
    widths = " ".join(f"{glyph} [{font.width(glyph)}]" for glyph in used)
    letters = {glyph: letter for letter, glyph in font.letters.items()}
    named = "\n".join(f"<{glyph:04x}> <{letters.get(glyph, 0x20):04x}>" for glyph in used)
    unicode = ("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
               "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
               f"{len(used)} beginbfchar\n{named}\nendbfchar\nendcmap end end")
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [9 0 R] >> >>",
        f"<< /Type /Pages /MediaBox [0 0 {WIDTH} {HEIGHT}] /Count 1 /Kids [3 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Annots [9 0 R] /Resources << /Font << /F 5 0 R >> >> >>",
        stream("", draw(font, lines)),
        "<< /Type /Font /Subtype /Type0 /BaseFont /NotoSans /Encoding /Identity-H /DescendantFonts [6 0 R]"
        " /ToUnicode 10 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /NotoSans /CIDToGIDMap /Identity /FontDescriptor 7 0 R"
        f" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /W [{widths}] >>",
        "<< /Type /FontDescriptor /FontName /NotoSans /Flags 4 /FontBBox [-600 -300 2500 1100] /ItalicAngle 0"
        " /Ascent 1069 /Descent -293 /CapHeight 714 /StemV 80 /FontFile2 8 0 R >>",
        stream(f"/Length1 {len(font.bytes)}", font.bytes),
        "<< /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /F 132 /P 3 0 R /FT /Sig /T (signature) /V 11 0 R >>",
        stream("", unicode.encode()),
        "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached"
        f" /ByteRange [{' ' * 40}] /Contents <{'0' * ROOM}> >>",
    ]
    pdf, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for i, one in enumerate(objects):
        offsets.append(len(pdf))
        pdf += f"{i + 1} 0 obj\n".encode() + (one if isinstance(one, bytes) else one.encode()) + b"\nendobj\n"
    rows = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    pdf += (f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer\n<< /Size {size} /Root 1 0 R >>\n"
            f"startxref\n{len(pdf)}\n%%EOF\n").encode()
    return pdf


def sign(folder, pdf):
    """It covers all of the file but /Contents (ISO 32000-2, 12.8.1)."""
    start = pdf.rindex(b"/Contents <") + 10
    end = start + ROOM + 2
    at = pdf.rindex(b"/ByteRange [") + 12
    ranges = f"0 {start} {end} {len(pdf) - end}".encode()
    pdf[at:at + len(ranges)] = ranges
    cms = openssl(folder, "cms", "-sign", "-binary", "-signer", "signer.pem", "-inkey", "signer.key",
                  "-md", "sha256", "-outform", "DER", "-nosmimecap", given=bytes(pdf[:start] + pdf[end:]))
    pdf[start + 1:start + 1 + 2 * len(cms)] = cms.hex().encode()
    return pdf


def certificate(folder, title, number, words):
    lines = [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", SIZE, 0), ("Độc lập - Tự do - Hạnh phúc", SIZE, 18),
             (title.upper(), 16, 70), (f"Số: {number}", SIZE, 28), *((word, SIZE, 34) for word in words),
             ("Người ký", SIZE, 90), (SIGNER, SIZE, 20),
             ("Bản dùng thử, không có giá trị", 9, 60)]
    sys.stdout.buffer.write(sign(folder, write(Font(FONT), lines)))


def main(words):
    if len(words) == 2 and words[0] == "root":
        make_root(words[1])
    elif len(words) >= 4 and words[0] == "certificate":
        certificate(words[1], words[2], words[3], words[4:])
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
