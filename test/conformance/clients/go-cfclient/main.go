// What go-cfclient makes of audit events: list-events <api> <question>…
//
// A question is `list name=value …` with the names of Cloud Controller's parameters, or `show <guid>`.
// Who asks is in the environment: CF_TOKEN, CF_USERNAME and CF_PASSWORD, or CF_CLIENT_ID and CF_CLIENT_SECRET.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/cloudfoundry/go-cfclient/v3/client"
	"github.com/cloudfoundry/go-cfclient/v3/config"
	"github.com/cloudfoundry/go-cfclient/v3/resource"
)

func main() {
	if len(os.Args) < 2 {
		stop("list-events <api> <question>…")
	}
	cf, err := connect(os.Args[1])
	if err != nil {
		stop(err)
	}
	for _, question := range os.Args[2:] {
		fmt.Println("#", question)
		events, err := answer(cf, question)
		if err != nil {
			fmt.Println("error:", err)
			continue
		}
		for _, event := range events {
			line, err := json.Marshal(event)
			if err != nil {
				stop(err)
			}
			fmt.Println(string(line))
		}
	}
}

func connect(api string) (*client.Client, error) {
	who := config.ClientCredentials(os.Getenv("CF_CLIENT_ID"), os.Getenv("CF_CLIENT_SECRET"))
	if token := os.Getenv("CF_TOKEN"); token != "" {
		who = config.Token(token, "")
	} else if user := os.Getenv("CF_USERNAME"); user != "" {
		who = config.UserPassword(user, os.Getenv("CF_PASSWORD"))
	}
	cfg, err := config.New(api, who)
	if err != nil {
		return nil, err
	}
	return client.New(cfg)
}

func answer(cf *client.Client, question string) ([]*resource.AuditEvent, error) {
	words := strings.Fields(question)
	if words[0] == "show" {
		event, err := cf.AuditEvents.Get(context.Background(), words[1])
		return []*resource.AuditEvent{event}, err
	}
	options := client.NewAuditEventListOptions()
	for _, word := range words[1:] {
		name, value, _ := strings.Cut(word, "=")
		set(options, name, strings.Split(value, ","))
	}
	return cf.AuditEvents.ListAll(context.Background(), options)
}

var bound = regexp.MustCompile(`^created_ats(?:\[(\w+)])?$`)

func set(options *client.AuditEventListOptions, name string, values []string) {
	switch name {
	case "types":
		options.Types.EqualTo(values...)
	case "target_guids":
		options.TargetGUIDs.EqualTo(values...)
	case "target_guids[not]":
		options.TargetGUIDs.NotEqualTo(values...)
	case "space_guids":
		options.SpaceGUIDs.EqualTo(values...)
	case "organization_guids":
		options.OrganizationGUIDs.EqualTo(values...)
	case "order_by":
		options.OrderBy = values[0]
	case "per_page":
		options.PerPage, _ = strconv.Atoi(values[0])
	default:
		setTime(options, name, values)
	}
}

func setTime(options *client.AuditEventListOptions, name string, values []string) {
	found := bound.FindStringSubmatch(name)
	if found == nil {
		stop("unknown parameter", name)
	}
	var times []time.Time
	for _, value := range values {
		instant, err := time.Parse(time.RFC3339, value)
		if err != nil {
			stop(err)
		}
		times = append(times, instant)
	}
	switch found[1] {
	case "gt":
		options.CreatedAts.After(times[0])
	case "gte":
		options.CreatedAts.AfterOrEqualTo(times[0])
	case "lt":
		options.CreatedAts.Before(times[0])
	case "lte":
		options.CreatedAts.BeforeOrEqualTo(times[0])
	default:
		options.CreatedAts.EqualTo(times...)
	}
}

func stop(why ...any) {
	fmt.Fprintln(os.Stderr, why...)
	os.Exit(2)
}
