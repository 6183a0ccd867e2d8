#!/usr/bin/env bash
# pi-heif 1.4.0 (libheif 1.23.0) reads the size of a HEIC that is cropped by its clean aperture, and then
# refuses its pixels: "Security limit exceeded". The limit is taken from the size after the crop, while the
# picture is decoded at the size before it. A clean aperture is how HEIF says that a picture was cropped.
#
# Seen with a valid picture made for this purpose: 640 x 480 coded, 320 x 240 shown (one `clap` box).
# What it means here: the decoder reads the crop itself and decodes without it
# (consultations/actions/decoding/heic.py).
#
# Exits 0 while that is still so, 1 when it has changed.
set -euo pipefail
away=$(mktemp -d)
trap 'rm -rf "$away"' EXIT
python3 -m venv "$away/venv"
"$away/venv/bin/pip" install --quiet --disable-pip-version-check pi-heif==1.4.0 pillow==13.0.0 2>/dev/null
base64 -d >"$away/cropped.heic" <<'END'
AAAAGGZ0eXBoZWljAAAAAG1pZjFoZWljAAABZ21ldGEAAAAAAAAAIWhkbHIAAAAAAAAAAHBpY3QAAAAAAAAAAAAAAAAAAAAADnBp
dG0AAAAAAAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABhwAABhEAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAA
AOtpcHJwAAAAzGlwY28AAAB4aHZjQwEECAAAAAAAAAAAAFrwAPz/+PgAAA8DIAABABdAAQwB//8ECAAAAwCeOAAAAwAAWroCQCEA
AQArQgEBBAgAAAMAnjgAAAMAAFqQAKBAPCy3UklNc3AgIGBAAAADAEAAAAMAQiIAAQAIRAHBcoYMBiQAAAAUaXNwZQAAAAAAAAKA
AAAB4AAAABBwaXhpAAAAAAMICAgAAAAoY2xhcAAAAUAAAAABAAAA8AAAAAEAAAAAAAAAAQAAAAAAAAABAAAAF2lwbWEAAAAAAAAA
AQABBIECA4QAAAYZbWRhdAAABg0oAa8GcQJIiKQvhWy1WkBg9nzf9fNf//+DT/kP5Rbsh81ukXDpVw9WuvIJoEAAAAMAAAMAAgX5
l/YYVyKaf//hT8I2zD3GSAAAAwAAAwAAAwAABUwccgmg8wAAAwAAAwAAAwAAAwIGc8a8M+dv7bS7smKFRDBEKAWSiGElb0eAQizE
BVlh43PbR/VBeraWQ+BeXWoAMeYY1RpzeaBfl5I4AfRftU/kh+B4sFYBlo3DUOmuZmOtlGhgK/ppb4WV8Tpy8YBMt6yMf8nVKqk1
nHs7/UjAAAADAAADAAADAAbsAAADAQgAAAMAAAMAAAMAsWsKb2hYd5MzcSfIqaYwyVQfQC/sZFECd/1AFhYeNz20f1QXq2lkPgXl
1qADHmGNUac3mgadsyOAH0X7VP5IfgeLBWAZaNw1DprmZjru5oYCv6aW+FlfE6cvGATLesjH/J1Sqo45XHO/1IwAAAMAAAMAAAMA
AvoAJ2AXem/D22S338fSv//DkLtzvwzZ+Lzy7thuAc/oZhWL/bkF7lN6zxGotoInL4kWChnDrVepYP04EkywDR8PoklxXF/IoGoG
NEi36za3bA+HJQYEto8pBwCafu5UZM9a6HHFtbLKy8MaDFbGZWgJwTRm8lfLFLseXcok9rRPcZj4mj7M0sJ4MUXAyG0aTw/Lm4Qw
5LqX0dPQDc87mjpEqAor84AiLsQUx9QHGhxJDy70n7t8uwlMIzmZWonnPUTZ3KqqCj7qXJBLGNeT0B1MzDuztW2hSxJ9olFcugd5
b2FQlcJ3fmtBbdrRcjPBVe1lqEXg7zR9NVtotAmW6xAZY+mq20du/JH3orI52HXzdMmKlyOO2AN9NVtpXEmIgj3urnALwHljw3wt
OXwwrqiIqQD4Il9VFuDIw2pIHkPZXnYtFsbwCVhpmuX8qakNK/gIEArL6Y6wfZAkKIgCVhpmuX8qakKieAPdBSxf6bSRiBVcvjbn
u9xH8jMT/+21I8+hWYi39ywz/+DBFj67qbv0P0X64V+eAUg2hO/zEWDH8/AfIEfo/uP/3C9AG0JP79WqN9lTvUX/YNTd/ontgbgB
/gqft/kpJ75v1nb3v1HlsPptfkxA3fgSnekPrC73fnQjEFOABiAAAAMAAAMAB7lVDq/75j4Az9ox1VWKqBdqdIX0C35AET8EM92g
ymSabvaxYaxCwAeneTxpjdWC8R/9Trm8I9HbAV/mLXt2bw2XdIeeI2E/agKE49mNrQ8uVdauGejfk4YacAbUpOaFFUHHfHJrxkFK
J0AjEtqGPmmEmNKFn2i+AhsVAE/WDbOxbKYLPfYrNSMOUAL3myZoG9gJCgfx/oTClZjEfqh+QcZgAAADAAADAABTQAAAc4AAAAMA
AAeZKotB++Y+AM/aMdVViqgX8pS7uicqQBE/BDPdoMpkmm72sWGsQsAHp3k8aY3VgvEf/U65vCRN2wFf5i17dm8Nl3SHniNhP2oC
hOPZja0PLlXWrhno35TmynAG1KTmhRVBx3xya8ZBSidAIxLahj5phJjShZ9ovgIclQBP1g2zsWymCz32KzUjDlAC95smaBvYCQoH
8f6EwpadHz8v/uuNAAADAAADAAADAHXAAADmAAADAAADAEQi3FIH75j4Az9ox1VWKqBb7TQD8VvyAIn4IZ7tBlMk03e1iw1iFgA9
O8njTG6sF4j/6nXN4SOO2Ar/MWvbs3hsu6Q88RsJ+1AUJx7MbWh5cq61cM9G/LEzk4A2pSc0KKoOO+OTXjIKUToBGJbUMfNMJMaU
LPtF8BDsqAJ+sG2di2UwWe+xWakYcoAXvNkzQN7ASFA/j/QmFMCdc/qh+QcZgAAAAwAAAwAFRAC7AAAHS81U4P3zHwBn7RjqqsVU
C32nFz/CAIn4IZ7tBlMk03e1iw1iFgA9O8njTG6sF4j/6nXN4SNO2Ar/MWvbs3hsu6Q88RsJ+1AUJx7MbWh5cq61cM9G/L4qk4A2
pSc0KKoOO+OTXjIKUToBGJbUMfNMJMaULPtF8BDqqAJ+sG2di2UwWe+xWakYcoAXvNkzQN7ASFA/j/QmFNGcAAADAK2A
END
"$away/venv/bin/python" - "$away/cropped.heic" <<'END'
import sys

import pi_heif

picture = pi_heif.open_heif(sys.argv[1])[0]
print("pi-heif", pi_heif.__version__, "libheif", pi_heif.libheif_version(), "size", picture.size)
try:
    picture.data
except Exception as error:
    print(f"refused: {type(error).__name__}: {error}")
    sys.exit(0 if picture.size == (320, 240) and "limit" in str(error).lower() else 1)
print("changed: its pixels are decoded now")
sys.exit(1)
END
