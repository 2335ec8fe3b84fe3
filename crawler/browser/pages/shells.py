"""How pages look before their scripts have filled them: selectors of CSS."""

from typing import Final

ROOTS: Final = (
    "#root, #app, #__next, #__nuxt, #___gatsby, #svelte, #main-app, #react-root, #q-app, #ember-app, #spa, "
    "#application, #app-root, #mount, app-root, main-app, [ng-app], [data-reactroot], [data-app], [data-react-app], "
    "[ng-version]"
)
WAITING: Final = (
    "[aria-busy=true], [class*=skeleton], [class*=placeholder], [class*=spinner], [class*=loading], [class*=loader], "
    "[class*=splash], [data-src$='.json'], [data-endpoint], [data-api], [data-article-id]:empty"
)
FEW_CHARACTERS: Final = 140
"""Fewer than these are no article; a brief has more."""
