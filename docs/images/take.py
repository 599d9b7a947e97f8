"""Takes the pictures of the README's tour and of approval.md anew, in Chromium.

On a fresh `make run` (its demo data is the same every time):

    VAR_DIR=var/pictures PORT=8101 make run
    .venv/bin/python docs/images/take.py http://127.0.0.1:8101

CHROMIUM names the browser where it is not /usr/bin/chromium. Look at what came out.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parent
QUEUE = "/admin/changerequests/changerequest/"
# Where the navigation and the bar end.
LEFT, TOP = 289, 66
# Of the demo: one with a conflict and two without.
CONFLICT, PLAIN, ROWS = 14, 9, 15
ANNA = "00000000-0000-4000-8000-000000000003"
# The contact of the README's tour.
ALEX: dict[str, Any] = {  # Any: JSON values
    "personalInformation": {
        "salutation": "MS",
        "firstName": "Alex",
        "lastName": "Sample",
        "dateOfBirth": "1990-04-01",
        "nationalities": ["CH"],
        "language": "EN",
    },
    "contactInformation": {
        "primaryEmail": "alex@example.com",
        "mobile": "+41795550999",
        "addresses": [
            {
                "addressType": "RESIDENCE",
                "street": "Musterstrasse 1",
                "city": "Bern",
                "country": "CH",
            }
        ],
    },
    "taxInformation": {
        "residencies": [{"taxCountry": "CH", "hasTin": True, "tin": "756.0000.0000.99"}]
    },
    "employment": {"employmentStatus": "STUDENT"},
    "financialSituation": {"annualIncome": 24000, "sourcesOfWealth": ["SALARY"]},
    "compliance": {"kycRisk": "LOW"},
}


def main(base: str) -> None:
    """All pictures; those that change something come last."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium")
        )
        context = browser.new_context(base_url=base, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto("/admin/login/")
        page.fill("[name=username]", "petra")
        page.fill("[name=password]", "demo")
        page.click("[type=submit]")
        page.wait_for_url("**/admin/")

        page.goto(f"{QUEUE}?status=1")
        take(page, "queue")
        page.goto(f"{QUEUE}{ROWS}/change/")
        take(page, "request-rows")
        choose(page, PLAIN, CONFLICT, ROWS)
        take(page, "bulk-confirm")
        page.goto(f"{QUEUE}{ask_for_alex(base)}/change/")
        page.screenshot(path=IMAGES / "change-request.png")

        choose(page, PLAIN, CONFLICT)
        page.click("#confirm-bulk")
        take(page, "bulk-result")
        browser.close()


def take(page: Page, name: str) -> None:
    """The page beside the navigation and below the bar, as far as it is filled."""
    page.set_viewport_size({"width": 1280, "height": 1400})
    page.wait_for_load_state("networkidle")
    bottom = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll(".bo, #changelist")].map(
            (each) => each.getBoundingClientRect().bottom))"""
    )
    box = {"x": LEFT, "y": TOP, "width": 1280 - LEFT, "height": bottom + 10 - TOP}
    page.screenshot(path=IMAGES / f"{name}.png", clip=box)
    page.set_viewport_size({"width": 1280, "height": 900})


def choose(page: Page, *requests: int) -> None:
    """Tick the requests and ask to approve them."""
    page.goto(f"{QUEUE}?view=decide")
    for request in requests:
        page.check(f'input[name="_selected_action"][value="{request}"]')
    page.select_option('select[name="action"]', "approve_selected")
    page.get_by_role("button", name="Run").click()
    page.locator("#confirm-bulk").wait_for()


def ask_for_alex(base: str) -> int:
    """Steps 2 and 3 of the tour: anna's request for another last name."""
    app = token(base, "demo-app", {"grant_type": "client_credentials"})
    login = {"grant_type": "password", "username": "anna", "password": "demo"}
    anna = token(base, "demo-console", login)
    created = call(
        base,
        app,
        "POST",
        "/v1.0/contacts",
        {
            "contactTypeId": 1,
            "username": "alex.sample",
            "correlationId": "tour-1",
            "memberUids": [ANNA],
            "details": ALEX,
        },
    )
    change = {
        "details": {"personalInformation": {"lastName": "Miller"}},
        "comment": "Married in May.",
    }
    path = f"/v1.0/contacts/{created['id']}/details"
    return int(call(base, anna, "PATCH", path, change)["changeRequestId"])


def token(base: str, client: str, grant: dict[str, str]) -> str:
    """An access token of the demo."""
    form = {**grant, "client_id": client, "client_secret": "demo-secret"}
    with urlopen(Request(f"{base}/connect/token", urlencode(form).encode())) as answer:  # noqa: S310 - the address is an argument
        return str(json.load(answer)["access_token"])


def call(base: str, bearer: str, method: str, path: str, body: object) -> Any:  # Any: JSON values
    """One call of the API."""
    headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
    request = Request(f"{base}{path}", json.dumps(body).encode(), headers, method=method)  # noqa: S310 - as above
    with urlopen(request) as answer:  # noqa: S310 - as above
        return json.load(answer)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
