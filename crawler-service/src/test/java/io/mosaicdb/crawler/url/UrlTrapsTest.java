package io.mosaicdb.crawler.url;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTrapsTest {
  @ParameterizedTest
  @CsvSource({
    "/a/b/a/b/a/b/,                                       repeating_path",
    "/x/x/x/,                                             repeating_path",
    "/q/a/r/a/s/a/t/a,                                    repeating_path",
    "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24/25/26/27/28/29/30/31, too_deep",
    "/?a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1&l=1&m=1&n=1&o=1&p=1&q=1, too_many_parameters",
    "/?sort=a&sort=a,                                     repeating_parameter",
    "/?mysession=0123456789abcdef0123456789abcdef,        session_id",
    "/calendar?month=13,                                  calendar",
    "/calendar/2099/01,                                   calendar",
    "/events/calendar/1812/,                              calendar",
    "/cal?date=2031-05-01,                                calendar"
  })
  void trapHasItsReason(String target, String reason) {
    assertThat(UrlTraps.reason(URI.create("http://trap.test" + target), 2026)).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/jargon/html/A/a-word.html",
        "/manual/Tasks/ant.html",
        "/en/docs/en/latest/en/",
        "/history/1812/battle.html",
        "/calendar/2026/11/21",
        "/calendar?month=11&year=2026",
        "/report?month=november",
        "/session/how-sessions-work.html",
        "/search?q=a&page=2&sort=date"
      })
  void pageIsNoTrap(String target) {
    assertThat(UrlTraps.reason(URI.create("http://page.test" + target), 2026)).isNull();
  }

  @Test
  void overlongUrlIsATrap() {
    assertThat(UrlTraps.reason(URI.create("http://trap.test/" + "x".repeat(2048))))
        .contains("too_long");
  }
}
