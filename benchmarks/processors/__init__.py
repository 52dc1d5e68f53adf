"""What the released int8 files answer on other processors, by Android's own library, beside Python's LiteRT here."""
