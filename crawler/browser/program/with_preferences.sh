#!/bin/sh
# Runs "$MICROFICHE_CHROMIUM" with a preference that no flag sets: nothing is fetched ahead of being asked for.
# Playwright makes a new folder for each browser and says where it is, but not in time to write into it.
for argument; do
    case $argument in
    --user-data-dir=*)
        profile=${argument#*=}/Default
        mkdir -p "$profile"
        echo '{"net": {"network_prediction_options": 2}}' >"$profile/Preferences"
        ;;
    esac
done
exec "$MICROFICHE_CHROMIUM" "$@"
