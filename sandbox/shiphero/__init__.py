"""The simulated ShipHero: tokens, one GraphQL endpoint, a warehouse that plays by itself."""
