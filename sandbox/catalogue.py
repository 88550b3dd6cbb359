"""What the demo shop sells: invented teas and things for the home."""

from typing import NamedTuple


class Article(NamedTuple):
    """Name, SKU, price in pounds without VAT, weight in grams."""

    name: str
    sku: str
    price: str
    grams: int


ARTICLES = (
    Article("Breakfast Blend, 125 g loose leaf", "TEA-BRK-125", "6.25", 150),
    Article("Earl Grey Supreme, 125 g loose leaf", "TEA-EGS-125", "7.10", 150),
    Article("Smoky Lapsang, 100 g loose leaf", "TEA-LAP-100", "7.50", 125),
    Article("First Flush Darjeeling, 75 g", "TEA-DJF-075", "11.40", 100),
    Article("Assam Gold, 250 g loose leaf", "TEA-ASG-250", "10.80", 285),
    Article("Jasmine Pearls, 60 g", "TEA-JAS-060", "12.90", 90),
    Article("Sencha Spring, 100 g", "TEA-SEN-100", "9.20", 125),
    Article("Peppermint, 20 pyramid bags", "TEA-PEP-P20", "4.15", 70),
    Article("Chamomile & Honey, 20 pyramid bags", "TEA-CHA-P20", "4.35", 70),
    Article("Rooibos Vanilla, 125 g loose leaf", "TEA-ROO-125", "5.90", 150),
    Article("Lemon & Ginger, 20 pyramid bags", "TEA-LEM-P20", "4.15", 72),
    Article("Masala Chai, 150 g", "TEA-CHI-150", "6.80", 175),
    Article("Stoneware Teapot, moss, 1.1 l", "POT-STN-MOS", "28.50", 1180),
    Article("Stoneware Teapot, oat, 1.1 l", "POT-STN-OAT", "28.50", 1180),
    Article("Glass Teapot with Infuser, 0.8 l", "POT-GLS-080", "22.00", 640),
    Article("Enamel Mug, cream & blue", "MUG-ENA-CRM", "8.75", 210),
    Article("Stoneware Mug, moss", "MUG-STN-MOS", "11.25", 380),
    Article("Stoneware Mug, oat", "MUG-STN-OAT", "11.25", 380),
    Article("Bone China Cup & Saucer, wren", "CUP-BON-WRN", "16.50", 320),
    Article("Tea Strainer, brass", "ACC-STR-BRS", "9.95", 95),
    Article("Tea Caddy, tin, 250 g", "ACC-CAD-250", "7.25", 160),
    Article("Measuring Scoop, beech", "ACC-SCO-BEE", "3.60", 25),
    Article("Tea Towel, linen, orchard print", "TXT-TWL-ORC", "10.40", 120),
    Article("Tea Cosy, quilted wool", "TXT-COS-WOL", "18.90", 230),
    Article("Oven Glove, heron print", "TXT-GLV-HER", "13.50", 260),
    Article("Beeswax Candle, pillar", "HOM-CDL-PIL", "12.00", 430),
    Article("Serving Tray, oiled oak", "HOM-TRY-OAK", "34.00", 1450),
    Article("Biscuit Barrel, enamel", "HOM-BAR-ENA", "19.80", 610),
)
BUNDLE = Article("Slow Morning Gift Set", "SET-SLOW-AM", "39.00", 0)
BUNDLE_PARTS = (("TEA-BRK-125", 1), ("MUG-STN-OAT", 2), ("TXT-TWL-ORC", 1))
WITHOUT_SKU = Article("Sample Sachet, assorted", "", "0.50", 8)


def articles(count: int) -> tuple[Article, ...]:
    """Give so many articles; past those of the shop they are batches of the same, 2, 3, 4..."""
    found = []
    for at in range(count):
        article, batch = ARTICLES[at % len(ARTICLES)], at // len(ARTICLES) + 1
        if batch > 1:
            name, sku = f"{article.name}, batch {batch}", f"{article.sku}-{batch}"
            article = article._replace(name=name, sku=sku)
        found.append(article)
    return tuple(found)
