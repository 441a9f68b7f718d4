"""The demo world: real places, constructed people, labelled so."""
