"""What a goods-out note becomes at ShipHero: one way for sending it and for showing it."""
