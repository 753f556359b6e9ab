//! What the tests share: the program, the sample school, items, and a tiny HTTP client.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use serde_json::Value;

/// The program under test, without the caller's environment.
pub fn schoolgate() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_schoolgate"));
    for (name, _) in std::env::vars() {
        if name.starts_with("SCHOOLGATE_") {
            command.env_remove(name);
        }
    }
    command
}

/// A folder of the repository's fixtures.
pub fn fixture(path: &str) -> PathBuf {
    schoolgate_testkit::fixture(path)
}

/// The sample school's configuration folder.
pub fn demo_config() -> PathBuf {
    fixture("demo/config")
}

/// Runs the program with `input` on standard input.
pub fn run(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("an input");
    let bytes = input.to_vec();
    let feeder = std::thread::spawn(move || drop(stdin.write_all(&bytes)));
    let output = child.wait_with_output().expect("the program ends");
    feeder.join().expect("the input is fed");
    output
}

/// Runs `check` on lines against the sample school; gives exit code and answers.
pub fn check(lines: &[u8]) -> (i32, Vec<Value>, String) {
    let mut command = schoolgate();
    command
        .args(["check", "--config"])
        .arg(demo_config())
        .arg("--media-root")
        .arg(fixture("demo"));
    let output = run(&mut command, lines);
    let text = String::from_utf8(output.stdout).expect("answers are UTF-8");
    let answers = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("an answer is JSON"))
        .collect();
    (
        output.status.code().expect("an exit code"),
        answers,
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// The lines of a JSONL file, as text and parsed.
pub fn jsonl(path: &Path) -> Vec<(String, Value)> {
    let text = fs::read_to_string(path).expect("the file is there");
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            (
                line.to_owned(),
                serde_json::from_str(line).expect("a line is JSON"),
            )
        })
        .collect()
}

/// Every item of the sample day, drafts first.
pub fn sample_day() -> Vec<(String, Value)> {
    let mut items = jsonl(&fixture("demo/day/drafts.jsonl"));
    items.extend(jsonl(&fixture("demo/day/comments.jsonl")));
    items
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from)
        .expect("a folder")
        .map(|entry| entry.expect("an entry"))
    {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// One HTTP answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the answer is JSON")
    }
}

/// Sends one request and closes; an error is a service that is not there.
pub fn http(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> std::io::Result<Answer> {
    let target = address.parse().map_err(std::io::Error::other)?;
    let mut stream = TcpStream::connect_timeout(&target, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_secs(40)))?;
    stream.set_write_timeout(Some(Duration::from_secs(10)))?;
    let host = headers
        .iter()
        .find(|(name, _)| *name == "Host")
        .map_or(address, |(_, value)| value);
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers.iter().filter(|(name, _)| *name != "Host") {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes())?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let split = answer.windows(4).position(|window| window == b"\r\n\r\n");
    let split = split.ok_or_else(|| std::io::Error::other("no head"))?;
    let head = String::from_utf8_lossy(&answer[..split]).into_owned();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| std::io::Error::other("no status"))?;
    let body = if head
        .to_ascii_lowercase()
        .contains("transfer-encoding: chunked")
    {
        unchunk(&answer[split + 4..])
    } else {
        answer[split + 4..].to_vec()
    };
    Ok(Answer { status, head, body })
}

fn unchunk(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&body[..end])
            .ok()
            .and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
        let Some(size @ 1..) = size else { break };
        whole.extend_from_slice(&body[end + 2..end + 2 + size]);
        body = &body[end + 2 + size + 2..];
    }
    whole
}

/// Posts an item as a scheduler would.
pub fn post(address: &str, item: &str, kind: &str, query: &str) -> std::io::Result<Answer> {
    let path = format!("/api/v1/{kind}s{query}");
    http(
        address,
        "POST",
        &path,
        &[("Content-Type", "application/json")],
        item.as_bytes(),
    )
}

/// The address in the line that `serve` prints.
pub fn address_in(line: &str) -> String {
    line.rsplit("http://")
        .next()
        .expect("an address")
        .trim()
        .to_owned()
}
