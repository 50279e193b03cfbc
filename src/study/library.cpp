#include "pyro/study/library.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "csv_table.hpp"
#include "pyro/base/files.hpp"
#include "pyro/base/sha256.hpp"
#include "pyro/report/output_file.hpp"
#include "study_toml.hpp"
#include "text.hpp"

namespace pyro::study {
namespace {

constexpr char kSessionsHeader[] =
    "session,person,face_id,start_utc,zone,duration_s,baseline,layout,run,sha256\n";

Status check_name(const std::string& what, const std::string& name) {
  if (is_name(name)) return {};
  return wrong_use(
      what + " \"" + name +
      "\" cannot name a file; use 1 to 64 letters, digits, _ - and ., not beginning with - or .");
}

std::string file_digest(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  return sha256_hex(std::string_view{bytes});
}

// Of a session whose start is known.
UtcTime end_of(const StudySession& session) {
  return session.start.value_or(UtcTime{}) +
         std::chrono::microseconds{std::llround(session.duration_s * 1e6)};
}

}  // namespace

Result<Study> Study::init(const std::filesystem::path& folder, const StudySettings& settings) {
  if (const Status good = score::validate(settings.score); !good) return tl::make_unexpected(good.error());
  std::error_code error;
  if (std::filesystem::exists(folder / "study.toml", error))
    return wrong_use(folder.string() + " is a study already; choose another folder");
  std::filesystem::create_directories(folder / "sessions", error);
  if (error)
    return failed("cannot create " + (folder / "sessions").string() + ": check the folder's permissions",
                  error.message());
  Study study{folder, settings};
  if (const Status written = study.write_sessions(); !written) return tl::make_unexpected(written.error());
  if (const Status written = replace_file(folder / "study.toml", to_toml(settings)); !written)
    return tl::make_unexpected(written.error());
  return study;
}

Result<Study> Study::open(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder / "study.toml", error))
    return bad_input(folder.string() +
                     " is no study; name its folder by --study, or make one with: pyrometer study init " +
                     folder.string());
  Result<StudySettings> settings = study_of_toml(folder / "study.toml");
  if (!settings) return tl::make_unexpected(settings.error());
  Study study{folder, std::move(*settings)};
  if (const Status read = study.read_sessions(); !read) return tl::make_unexpected(read.error());
  return study;
}

const StudySession* Study::find(const std::string& id) const {
  const auto found = std::ranges::find(sessions_, id, &StudySession::id);
  return found == sessions_.end() ? nullptr : &*found;
}

std::filesystem::path Study::seconds_file(const StudySession& session) const {
  return folder_ / "sessions" / (session.id + ".sec");
}

std::string Study::next_id(const std::string& person) const {
  for (std::size_t number = 1;; ++number) {
    std::string digits = std::to_string(number);
    if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
    std::string id = person;
    id.append("-").append(digits);
    if (find(id) == nullptr) return id;
  }
}

Status Study::check_new(const StudySession& session) const {
  for (const StudySession& other : sessions_) {
    if (other.id == session.id)
      return bad_input("the study has a session " + session.id + " already; give another --session-id");
    if (other.sha256 == session.sha256 && other.face_id == session.face_id)
      return bad_input(session.run + " is in the study already, as session " + other.id + " of " +
                       other.person + "; nothing was added");
    if (other.person != session.person || !other.start || !session.start) continue;
    if (*session.start < end_of(other) && *other.start < end_of(session))
      return bad_input(session.person + " is already in session " + other.id + " from " +
                       utc_text(*other.start) + " to " + utc_text(end_of(other)) +
                       ", and cannot be in another at " + utc_text(*session.start) +
                       "; say when this one was recorded by --start");
  }
  return {};
}

Result<StudySession> Study::add(const NewSession& wanted) {
  StudySession session;
  session.person = wanted.person;
  session.id = wanted.id.empty() ? next_id(wanted.person) : wanted.id;
  for (const Status& good :
       {check_name("the person", session.person), check_name("the session", session.id)}) {
    if (!good) return tl::make_unexpected(good.error());
  }
  const Result<Zone> zone = wanted.zone.empty() ? settings_.zone : Zone::find(wanted.zone);
  if (!zone) return tl::make_unexpected(zone.error());
  session.zone = *zone;
  session.layout = wanted.layout;
  session.baseline = wanted.baseline;

  RunSource source{wanted.run, wanted.face_id, {}};
  if (!wanted.start.empty()) {
    const Result<UtcTime> start = utc_of(wanted.start, session.zone);
    if (!start) return tl::make_unexpected(start.error());
    source.start = *start;
  }
  // One writer at a time.
  Result<report::OutputFile> lock = report::OutputFile::create(folder_ / ".lock");
  if (!lock) return tl::make_unexpected(lock.error());
  if (const Status read = read_sessions(); !read) return tl::make_unexpected(read.error());
  if (wanted.id.empty()) session.id = next_id(wanted.person);

  const Result<SessionSeconds> seconds = read_session(source, settings_.score);
  if (!seconds) return tl::make_unexpected(seconds.error());
  std::error_code error;
  const bool is_folder = std::filesystem::is_directory(wanted.run, error);
  session.run = std::filesystem::absolute(wanted.run).lexically_normal().string();
  session.sha256 = file_digest(is_folder ? wanted.run / "frames.csv" : wanted.run);
  session.face_id = seconds->facts.face_id;
  session.start = seconds->facts.start;
  session.duration_s = seconds->facts.duration_s;
  if (const Status good = check_new(session); !good) return tl::make_unexpected(good.error());
  if (const Status written = write_seconds(*seconds, seconds_file(session)); !written)
    return tl::make_unexpected(written.error());
  sessions_.push_back(session);
  if (const Status written = write_sessions(); !written) return tl::make_unexpected(written.error());
  return session;
}

Status Study::add_made(const std::vector<StudySession>& made) {
  sessions_.insert(sessions_.end(), made.begin(), made.end());
  return write_sessions();
}

Status Study::write_sessions() const {
  std::string text = kSessionsHeader;
  for (const StudySession& one : sessions_) {
    append_cell(text, one.id), text += ',';
    append_cell(text, one.person), text += ',';
    append_cell(text, one.face_id), text += ',';
    append_cell(text, one.start ? utc_text(*one.start) : ""), text += ',';
    append_cell(text, one.zone.name()), text += ',';
    append_cell(text, one.duration_s), text += ',';
    append_cell(text, std::int64_t{one.baseline}), text += ',';
    append_cell(text, one.layout), text += ',';
    append_cell(text, one.run), text += ',';
    append_cell(text, one.sha256), text += '\n';
  }
  return replace_file(folder_ / "sessions.csv", text);
}

Status Study::read_sessions() {
  Result<CsvTable> table = CsvTable::open(folder_ / "sessions.csv");
  if (!table) return tl::make_unexpected(table.error());
  if (const Status all = table->need({"session", "person", "face_id", "start_utc", "zone", "duration_s",
                                      "baseline", "layout", "run", "sha256"});
      !all)
    return all;
  sessions_.clear();
  std::set<std::string> ids;
  for (;;) {
    const Result<bool> more = table->next();
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) return {};
    StudySession one;
    one.id = table->text("session");
    one.person = table->text("person");
    if (!is_name(one.id) || !is_name(one.person))
      return table->wrong("session", "or person is no name (letters, digits, _ - .)");
    if (!ids.insert(one.id).second) return table->wrong("session", one.id + " stands above already");
    const Result<double> face = table->needed_number("face_id");
    const Result<double> duration = table->needed_number("duration_s");
    if (!face) return tl::make_unexpected(face.error());
    if (!duration) return tl::make_unexpected(duration.error());
    one.face_id = static_cast<std::int64_t>(*face);
    one.duration_s = *duration;
    if (const std::string_view text = table->text("start_utc"); !text.empty()) {
      const Result<UtcTime> start = utc_of(text, Zone{});
      if (!start) return table->wrong("start_utc", start.error().message);
      one.start = *start;
    }
    const Result<Zone> zone = Zone::find(table->text("zone"));
    if (!zone) return table->wrong("zone", zone.error().message);
    one.zone = *zone;
    one.baseline = table->text("baseline") == "1";
    one.layout = table->text("layout");
    one.run = table->text("run");
    one.sha256 = table->text("sha256");
    sessions_.push_back(std::move(one));
  }
}

}  // namespace pyro::study
