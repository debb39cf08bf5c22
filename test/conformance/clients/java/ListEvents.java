import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.cloudfoundry.client.v3.auditevents.AuditEvent;
import org.cloudfoundry.client.v3.auditevents.GetAuditEventRequest;
import org.cloudfoundry.client.v3.auditevents.ListAuditEventsRequest;
import org.cloudfoundry.client.v3.auditevents.ListAuditEventsResponse;
import org.cloudfoundry.reactor.ConnectionContext;
import org.cloudfoundry.reactor.DefaultConnectionContext;
import org.cloudfoundry.reactor.TokenProvider;
import org.cloudfoundry.reactor.client.ReactorCloudFoundryClient;
import org.cloudfoundry.reactor.tokenprovider.ClientCredentialsGrantTokenProvider;
import org.cloudfoundry.reactor.tokenprovider.PasswordGrantTokenProvider;
import org.cloudfoundry.util.PaginationUtils;
import reactor.core.publisher.Mono;

/**
 * What cloudfoundry-client-reactor makes of audit events: ListEvents &lt;api&gt; &lt;question&gt;…
 *
 * <p>A question is `list name=value …` with the names of Cloud Controller's parameters, or `show &lt;guid&gt;`. Who asks is in the
 * environment: CF_TOKEN, CF_USERNAME and CF_PASSWORD, or CF_CLIENT_ID and CF_CLIENT_SECRET.
 */
public final class ListEvents {
  public static void main(String[] args) {
    ReactorCloudFoundryClient client = connect(URI.create(args[0]));
    for (String question : Arrays.copyOfRange(args, 1, args.length)) {
      System.out.println("# " + question);
      try {
        answer(client, question.split(" ")).forEach(System.out::println);
      } catch (RuntimeException error) {
        // Of a request that it repeats in vain, the client tells the reason only as the cause.
        System.out.println("error: " + error.getMessage() + ", " + error.getCause());
      }
    }
    System.exit(0);
  }

  private static ReactorCloudFoundryClient connect(URI api) {
    return ReactorCloudFoundryClient.builder()
        .connectionContext(
            DefaultConnectionContext.builder()
                .apiHost(api.getHost())
                .port(api.getPort())
                .secure(false)
                .build())
        .tokenProvider(tokens())
        .build();
  }

  private static TokenProvider tokens() {
    String token = System.getenv("CF_TOKEN");
    if (token != null) {
      return new TokenProvider() {
        @Override
        public Mono<String> getToken(ConnectionContext context) {
          return Mono.just("bearer " + token);
        }
      };
    }
    String user = System.getenv("CF_USERNAME");
    if (user != null) {
      return PasswordGrantTokenProvider.builder()
          .username(user)
          .password(System.getenv("CF_PASSWORD"))
          .build();
    }
    return ClientCredentialsGrantTokenProvider.builder()
        .clientId(System.getenv("CF_CLIENT_ID"))
        .clientSecret(System.getenv("CF_CLIENT_SECRET"))
        .build();
  }

  private static List<? extends AuditEvent> answer(ReactorCloudFoundryClient client, String[] words) {
    if (words[0].equals("show")) {
      return List.of(
          client
              .auditEventsV3()
              .get(GetAuditEventRequest.builder().eventId(words[1]).build())
              .block());
    }
    // The client asks for all pages but the first at once, and hands out each when it comes.
    Map<Integer, ListAuditEventsResponse> pages = new ConcurrentSkipListMap<>();
    PaginationUtils.requestClientV3Resources(
            page ->
                client
                    .auditEventsV3()
                    .list(listRequest(words, page))
                    .doOnNext(response -> pages.put(page, response)))
        .blockLast();
    return pages.values().stream().flatMap(page -> page.getResources().stream()).toList();
  }

  private static ListAuditEventsRequest listRequest(String[] words, int page) {
    ListAuditEventsRequest.Builder request = ListAuditEventsRequest.builder().page(page);
    for (String word : Arrays.copyOfRange(words, 1, words.length)) {
      String[] parameter = word.split("=", 2);
      String[] values = parameter[1].split(",");
      switch (parameter[0]) {
        case "types" -> request.types(values);
        case "target_guids" -> request.targetIds(values);
        case "space_guids" -> request.spaceIds(values);
        case "organization_guids" -> request.organizationIds(values);
        case "order_by" -> request.orderBy(values[0]);
        case "per_page" -> request.perPage(Integer.valueOf(values[0]));
        default -> throw new IllegalArgumentException("unknown parameter " + parameter[0]);
      }
    }
    return request.build();
  }
}
