"""ShipHero's GraphQL API: documents, models, client, and its faults as our six errors."""
