"""The landmass of each site, found once for all that ask."""

import functools

from mobility.carbon.landmass import Indices, find_landmasses
from mobility.carbon.pairs import Sites


@functools.lru_cache(maxsize=8)
def find_site_landmasses(sites: Sites) -> Indices:
    """Return the number of each site's landmass."""
    return find_landmasses(sites.longitudes, sites.latitudes)
