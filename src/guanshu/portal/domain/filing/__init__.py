"""What a province does with its filing (信息上报), and the nation: each operation locks the filing's row first."""
