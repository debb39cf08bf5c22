"""What cloudfoundry-client makes of audit events: list_events.py <api> <question>…

A question is `list name=value …` with the names of Cloud Controller's parameters, or `show <guid>`.
Who asks is in the environment: CF_TOKEN, CF_USERNAME and CF_PASSWORD, or CF_CLIENT_ID and CF_CLIENT_SECRET.
"""

import json
import sys
from os import environ

from cloudfoundry_client.client import CloudFoundryClient
from cloudfoundry_client.errors import InvalidStatusCode


def connect(api):
    if "CF_TOKEN" in environ:
        client = CloudFoundryClient(api)
        client._access_token = environ["CF_TOKEN"]
    elif "CF_USERNAME" in environ:
        client = CloudFoundryClient(api)
        client.init_with_user_credentials(environ["CF_USERNAME"], environ["CF_PASSWORD"])
    else:
        client = CloudFoundryClient(api, environ["CF_CLIENT_ID"], environ["CF_CLIENT_SECRET"])
        client.init_with_client_credentials()
    return client


def answer(client, question):
    kind, *words = question.split()
    if kind == "show":
        return [client.v3.audit_events.get(words[0])]
    parameters = dict(word.split("=", 1) for word in words)
    return client.v3.audit_events.list(**parameters)


def main(api, *questions):
    client = connect(api)
    for question in questions:
        print("#", question)
        try:
            for event in answer(client, question):
                print(json.dumps(event))
        except InvalidStatusCode as error:
            # Without its text, which has the GUID of the request in it.
            print("error:", error.status_code.value, json.dumps(error.body))


main(*sys.argv[1:])
