"""PDFs as sealing programs leave them: a red seal as a signature field's appearance or as an annotation."""

_SEAL = b"0.85 0.1 0.15 rg 0 0 120 120 re f"


def sealed_pdf(kind: str = "signature") -> bytes:
    """Return one A4 page with a seal that is no part of the page itself. kind: signature or stamp."""
    place = b"/F 4 /Rect [100 500 220 620] /AP << /N 6 0 R >> >>"
    widget = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (seal) /V 7 0 R " + place
    stamp = b"<< /Type /Annot /Subtype /Stamp " + place
    signed = kind == "signature"
    form = b" /AcroForm << /SigFlags 3 /Fields [5 0 R] >>" if signed else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R" + form + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R /Annots [5 0 R] >>",
        _stream(b"", b"0 0 0 rg 50 700 300 4 re f"),
        widget if signed else stamp,
        _stream(b"/Type /XObject /Subtype /Form /BBox [0 0 120 120] /Resources << >> ", _SEAL),
        b"<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 10 20 10] /Contents <00> >>",
    ]
    data, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + tail


def _stream(head: bytes, body: bytes) -> bytes:
    return b"<< %s/Length %d >>\nstream\n%s\nendstream" % (head, len(body), body)
