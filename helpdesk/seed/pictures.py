"""Three plain pictures for reports with photos, drawn by the program and labelled as demo."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from tickets.photos import CleanPhoto

SIZE = (1280, 960)
WALL, FLOOR, FRAME, DARK, PAPER = "#dfe5ec", "#b9c2cc", "#3a4450", "#14181d", "#f7f5ef"


def cracked_board() -> CleanPhoto:
    """Return a board whose screen has a crack."""
    image, pen = _classroom()
    pen.rounded_rectangle((220, 150, 1060, 640), 18, fill=FRAME)
    pen.rectangle((245, 175, 1035, 615), fill=DARK)
    for end in ((420, 200), (380, 420), (560, 600), (760, 560), (820, 300), (640, 190)):
        pen.line((610, 390, *end), fill="#9fb2c4", width=4)
    return _photo(image, pen)


def blinking_switch() -> CleanPhoto:
    """Return a network cabinet with one light that is red."""
    image, pen = _classroom()
    pen.rounded_rectangle((240, 220, 1040, 620), 12, fill=FRAME)
    for row in range(2):
        for place in range(12):
            x, y = 290 + place * 60, 300 + row * 150
            pen.rectangle((x, y, x + 42, y + 48), fill=DARK)
            lit = "#e5484d" if (row, place) == (1, 4) else "#46a758"
            pen.ellipse((x + 14, y - 26, x + 28, y - 12), fill=lit)
    return _photo(image, pen)


def jammed_printer() -> CleanPhoto:
    """Return a printer with a crumpled sheet."""
    image, pen = _classroom()
    pen.rounded_rectangle((340, 300, 940, 680), 24, fill="#8a96a3")
    pen.rectangle((410, 420, 870, 470), fill=DARK)
    pen.polygon(((450, 445), (830, 445), (800, 560), (720, 530), (640, 580), (540, 525), (470, 570)), fill=PAPER)
    pen.ellipse((860, 340, 890, 370), fill="#e5484d")
    return _photo(image, pen)


def _classroom():
    image = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 760, *SIZE), fill=FLOOR)
    return image, pen


def _photo(image, pen) -> CleanPhoto:
    pen.text((40, 880), "Demo: gezeichnetes Bild", fill=FRAME, font=ImageFont.load_default(36))
    target = BytesIO()
    image.save(target, "JPEG", quality=85)
    return CleanPhoto(*SIZE, data=target.getvalue())
