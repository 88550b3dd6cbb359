"""An order's address as Brightpearl writes it (contract section 8)."""

from typing import Any

from sandbox.store import Document

# Name, number and three letters; a country that is not here has its code for a name.
_COUNTRIES = {
    "GB": ("United Kingdom", 222, "GBR"),
    "US": ("United States", 223, "USA"),
    "CA": ("Canada", 38, "CAN"),
    "AU": ("Australia", 13, "AUS"),
    "DE": ("Germany", 81, "DEU"),
    "FR": ("France", 73, "FRA"),
    "IE": ("Ireland", 103, "IRL"),
    "JP": ("Japan", 107, "JPN"),
    "KW": ("Kuwait", 114, "KWT"),
}


def address_body(order: Document) -> dict[str, Any]:
    """Write where a sales order goes; line 3 is the city, line 4 the county."""
    place = order["address"]
    return {
        "addressFullName": place["name"],
        "companyName": place["company"],
        "addressLine1": place["line1"],
        "addressLine2": place["line2"],
        "addressLine3": place["city"],
        "addressLine4": place["county"],
        "postalCode": place["postcode"],
        "telephone": place["telephone"],
        "mobileTelephone": "",
        "fax": "",
        "email": place["email"],
        **_country(place.get("country", "GB")),
    }


def _country(code: str) -> dict[str, Any]:
    """Write a country: without one there are no codes, by three letters only the three (§8)."""
    if not code:
        return {"country": "", "countryId": 0}
    name, number, three = _COUNTRIES.get(code, (code, 250, ""))
    if len(code) == 3:  # noqa: PLR2004 - the three letters of ISO 3166
        return {"country": name, "countryId": number, "countryIsoCode3": code}
    iso = {"countryIsoCode": code} | ({"countryIsoCode3": three} if three else {})
    return {"country": name, "countryId": number, **iso}
