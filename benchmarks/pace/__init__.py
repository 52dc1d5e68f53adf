"""How quick the frames of a video are when faces are followed, and whether the answers stay what they are."""
