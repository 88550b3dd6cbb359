"""What people had done with very many notes or dead letters, and how far it has come."""
