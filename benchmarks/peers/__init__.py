"""Our released models beside the networks that other packages ship, on the same images and before the same clock.

networks (which, and how they are fed), download, models and face_api (how they are run), measure, table.
"""
