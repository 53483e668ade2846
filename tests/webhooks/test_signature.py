"""A receiver that follows the specification accepts what is signed here."""

import base64
import hashlib
import hmac

from polyhire.webhooks.signature import signed_headers

# The example of the Standard Webhooks libraries' own tests.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
MOMENT = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_example_comes_out() -> None:
    """Id, moment and body are signed as Standard Webhooks says."""
    headers = signed_headers(ID, MOMENT, BODY, [SECRET])
    assert headers["webhook-id"] == ID
    assert headers["webhook-timestamp"] == str(MOMENT)
    assert headers["webhook-signature"] == SIGNATURE


def test_two_secrets_make_two_signatures() -> None:
    """While one takes the place of another, a receiver may know either."""
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()
    headers = signed_headers(ID, MOMENT, BODY, [other, SECRET])
    first, second = headers["webhook-signature"].split(" ")
    assert second == SIGNATURE
    assert first != second and first.startswith("v1,")


def test_the_other_header_signs_the_body_with_the_secret_as_written() -> None:
    """HMAC-SHA256 over the raw body, in base64, behind the format's name."""
    expected = base64.b64encode(hmac.new(SECRET.encode(), BODY, hashlib.sha256).digest()).decode()
    assert signed_headers(ID, MOMENT, BODY, [SECRET])["X-Truto-Signature"] == f"format=sha256,v={expected}"
