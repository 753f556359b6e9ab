//! The sink seen from outside, over a plain socket; no mail library in between.

use super::*;

const LIMIT: Duration = Duration::from_secs(5);

struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    async fn connect(sink: &SmtpSink) -> Self {
        let stream = TcpStream::connect(sink.address()).await.expect("connects");
        let mut client = Self {
            stream: BufReader::new(stream),
        };
        assert!(client.reply().await.starts_with("220 "));
        client
    }

    async fn raw(&mut self, bytes: &str) {
        let stream = self.stream.get_mut();
        stream.write_all(bytes.as_bytes()).await.expect("writes");
    }

    /// Returns the last line of an answer, or nothing when the connection is closed.
    async fn reply(&mut self) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.stream.read_line(&mut line);
            let read = tokio::time::timeout(LIMIT, read).await.expect("in time");
            if read.unwrap_or(0) == 0 || line.as_bytes().get(3) != Some(&b'-') {
                return line;
            }
        }
    }

    async fn say(&mut self, line: &str, expected: &str) {
        self.raw(&format!("{line}\r\n")).await;
        let reply = self.reply().await;
        assert!(reply.starts_with(expected), "{line}: {reply}");
    }

    async fn envelope(&mut self) {
        self.say("EHLO client.example", "250").await;
        self.say("MAIL FROM:<gate@st.example> BODY=8BITMIME", "250")
            .await;
        self.say("RCPT TO:<head@st.example>", "250").await;
        self.say("rcpt to: <dsl@st.example>", "250").await;
        self.say("DATA", "354").await;
    }

    async fn send(&mut self, id: &str, expected: &str) {
        self.envelope().await;
        self.raw(&format!(
            "Message-ID: <{id}@x>\r\nSubject: Alert\r\n\r\nGo and see.\r\n.\r\n"
        ))
        .await;
        let reply = self.reply().await;
        assert!(reply.starts_with(expected), "{reply}");
    }
}

async fn sink(mode: SmtpMode) -> SmtpSink {
    SmtpSink::start(mode).await.expect("a sink")
}

#[tokio::test]
async fn a_mail_is_taken_with_its_envelope_headers_and_unstuffed_body() {
    let sink = sink(SmtpMode::Accept).await;
    let mut client = Client::connect(&sink).await;
    client.envelope().await;
    client
        .raw("Message-ID: <7@x>\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\nX-Item: 1\r\n\r\n..dot\r\nline\r\n.\r\n")
        .await;
    assert!(client.reply().await.starts_with("250"));
    client.say("QUIT", "221").await;
    assert_eq!(client.reply().await, "", "closed after QUIT");
    let mails = sink.wait_for(1, LIMIT).await.expect("a mail");
    let mail = &mails[0];
    assert_eq!(mail.message_id, "<7@x>");
    assert_eq!(mail.from, "gate@st.example");
    assert_eq!(mail.to, ["head@st.example", "dsl@st.example"]);
    assert_eq!(mail.subject, "café");
    assert!(mail.raw_headers.ends_with("X-Item: 1"));
    assert_eq!(mail.body, ".dot\nline\n");
    assert!(mail.answered);
}

#[tokio::test]
async fn the_first_mails_are_refused_and_not_kept_and_the_next_is_taken() {
    let sink = sink(SmtpMode::Refuse(2)).await;
    let mut client = Client::connect(&sink).await;
    client.send("1", "451").await;
    client.send("2", "451").await;
    client.send("3", "250").await;
    let ids: Vec<_> = sink
        .mails()
        .into_iter()
        .map(|mail| mail.message_id)
        .collect();
    assert_eq!((ids, sink.refused()), (vec!["<3@x>".to_owned()], 2));
}

#[tokio::test]
async fn a_dropped_connection_leaves_the_client_without_an_answer_though_the_mail_was_taken() {
    let sink = sink(SmtpMode::DropAfterData(1)).await;
    let mut client = Client::connect(&sink).await;
    client.envelope().await;
    client.raw("Message-ID: <1@x>\r\n\r\nx\r\n.\r\n").await;
    assert_eq!(client.reply().await, "");
    Client::connect(&sink).await.send("1", "250").await;
    let answers: Vec<_> = sink.mails().iter().map(|mail| mail.answered).collect();
    assert_eq!(answers, [false, true]);
    assert_eq!(sink.connections(), 2);
}

#[tokio::test]
async fn a_slow_server_waits_before_each_answer() {
    let sink = sink(SmtpMode::Accept).await;
    let mut client = Client::connect(&sink).await;
    sink.set_mode(SmtpMode::Slow(Duration::from_millis(80)));
    let begun = Instant::now();
    client.say("NOOP", "250").await;
    assert!(begun.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn several_clients_are_served_at_once() {
    let sink = sink(SmtpMode::Accept).await;
    let mut first = Client::connect(&sink).await;
    first.envelope().await;
    let mut others = JoinSet::new();
    for number in 0..20 {
        let mut client = Client::connect(&sink).await;
        others.spawn(async move { client.send(&number.to_string(), "250").await });
    }
    while let Some(done) = others.join_next().await {
        done.expect("sent");
    }
    first.raw("\r\nlast\r\n.\r\n").await;
    assert!(first.reply().await.starts_with("250"));
    let mails = sink.wait_for(21, LIMIT).await.expect("all");
    assert_eq!(mails[20].body, "last\n");
}

#[tokio::test]
async fn commands_out_of_order_or_unknown_are_refused_and_reset_forgets() {
    let sink = sink(SmtpMode::Accept).await;
    let mut client = Client::connect(&sink).await;
    client.say("MAIL FROM:<a@x.example>", "503").await;
    client.say("HELO client.example", "250").await;
    client.say("RCPT TO:<b@x.example>", "503").await;
    client.say("MAIL TO:<a@x.example>", "501").await;
    client.say("MAIL FROM:<>", "250").await;
    client.say("MAIL FROM:<a@x.example>", "503").await;
    client.say("DATA", "503").await;
    client.say("RCPT TO:<>", "501").await;
    client.say("RCPT TO:<b@x.example>", "250").await;
    client.say("RSET", "250").await;
    client.say("DATA", "503").await;
    client.say("STARTTLS", "502").await;
    assert!(sink.mails().is_empty());
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_or_runs_wild_leaves_no_mail() {
    let sink = sink(SmtpMode::Accept).await;
    let mut gone = Client::connect(&sink).await;
    gone.envelope().await;
    gone.raw("Subject: half").await;
    drop(gone);
    let mut wild = Client::connect(&sink).await;
    wild.raw(&"x".repeat(20_000)).await;
    assert_eq!(wild.reply().await, "", "cut off");
    let waited = sink.wait_for(1, Duration::from_millis(200)).await;
    assert_eq!(waited.expect_err("none").kind(), io::ErrorKind::TimedOut);
}

#[tokio::test]
async fn dropping_the_sink_closes_its_port() {
    let sink = sink(SmtpMode::Accept).await;
    let address = sink.address();
    let mut client = Client::connect(&sink).await;
    drop(sink);
    assert_eq!(client.reply().await, "");
    assert!(TcpStream::connect(address).await.is_err());
}
