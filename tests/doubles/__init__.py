"""Stand-ins for LINE and Telegram that check every request against the providers' own API descriptions and share no code with ours."""
