"""Names of members that hold secrets."""

import re
from functools import lru_cache

SECRET_NAMES = frozenset(("secretid", "secretkey", "appkey", "botappkey", "apikey"))
SECRET_WORDS = frozenset(("token", "secret", "password", "key", "signature", "authorization", "credential"))
PLAIN_NAMES = frozenset(
    (
        *("assetkey", "attrkey", "categorykey", "filterkey", "timbrekey", "typekey"),
        *("keylocation", "keyparamname", "secretidname", "secretkeyname", "authorizationurl", "tokenurl"),
    )
)
"""Of the definitions: these say which, where or how, and hold no secret."""
WORDS = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@lru_cache(1024)
def is_secret(name: str) -> bool:
    """Whether a parameter of this name holds a secret: it has such a word in it (CallbackToken, new_password, api-key)."""
    plain = name.replace("_", "").lower()
    return plain in SECRET_NAMES or (
        plain not in PLAIN_NAMES and any(word.lower() in SECRET_WORDS for word in WORDS.findall(name))
    )
