// What a session's camera saw, kept piece by piece while it runs, and played back in ranges.
#include <spdlog/spdlog.h>

#include <charconv>
#include <fstream>

#include "../office.hpp"

namespace pyro::serve {
namespace {

constexpr std::int64_t kMostVideoBytes = 4LL << 30;
// An answer to a range: what a player asks for with an open end comes in parts of this size.
constexpr std::int64_t kMostRangeBytes = 4LL << 20;
// The last piece is on its way when a session is ended.
constexpr std::chrono::seconds kLastPieceWithin{60};

// "video/webm", "video/mp4", or empty.
std::string media_of_first(const std::filesystem::path& piece) {
  std::ifstream file(piece, std::ios::binary);
  std::string head(12, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (file.gcount() < 12) return "";
  if (head.starts_with("\x1a\x45\xdf\xa3")) return "video/webm";
  return std::string_view{head}.substr(4, 4) == "ftyp" ? "video/mp4" : "";
}

Granted<Json> open_session(store::Connection& in, const std::string& id, UtcTime now) {
  const auto session = archive::find(in, archive::kSession, id);
  if (!session) return trouble(session);
  if (!*session) return no_such();
  if ((**session)["state"] == "open") return **session;
  const auto ended =
      archive::time_of((**session)["ended"].is_string() ? (**session)["ended"].get<std::string>() : "");
  if (ended && now < *ended + kLastPieceWithin) return **session;
  return problem(409, "ended", "This session has ended; begin another one.");
}

Answer make_video(Office& office, Call& call) {
  const std::string id = call.text("session");
  const auto began = archive::time_of(call.body.at("at").get<std::string>());
  if (!began) return trouble(began);
  return write(office, call, [&](store::Connection& in) -> Answer {
    const Granted<Json> session = open_session(in, id, call.now);
    if (!session) return tl::make_unexpected(session.error());
    Json at_s = nullptr;
    if (call.body.contains("at_s")) {
      at_s = call.body["at_s"];
    } else if (const auto running = office.hub != nullptr ? office.hub->find(id) : nullptr) {
      // By the sender's own clock, which its pictures carry as well.
      if (const auto time = running->time_at(*began)) at_s = time->count();
    }
    const Result<Json> row = archive::insert(in, archive::kVideo,
                                             {{"person", call.person()},
                                              {"session", id},
                                              {"at", utc_text(*began)},
                                              {"at_s", at_s},
                                              {"pieces", 0},
                                              {"bytes", 0},
                                              {"recorded_by", call.actor.user}},
                                             call.now);
    if (!row) return trouble(row);
    return row_response(201, *row);
  });
}

Answer list_videos(Office& office, Call& call) {
  return list_rows(office, call, archive::kVideo, {{"session", store::Value{call.text("session")}}}, false);
}
Answer get_video(Office& office, Call& call) {
  return get_row(office, call, archive::kVideo, "video");
}

Answer send_piece(Office& office, Call& call) {
  const std::string id = call.text("video");
  const std::int64_t number = call.whole("number", 0);
  std::error_code error;
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(call.request.body_file, error));
  if (error || bytes == 0) return problem(400, "body-missing", "Send a piece of the video as the body.");
  std::string media;
  if (number == 0) {
    media = media_of_first(call.request.body_file);
    if (media.empty())
      return problem(415, "not-a-video",
                     "A video begins as WebM or MP4 does: send the recorder's first piece as number 0.");
  }
  // A name of its own, so that the same piece sent twice at once cannot be mixed.
  const std::string name = std::to_string(number) + "-" + call.request.id;
  bool kept = false;
  const auto place = [&](store::Connection& in) -> Answer {
    const auto row = archive::find(in, archive::kVideo, id);
    if (!row) return trouble(row);
    if (!*row) return no_such();
    const std::int64_t next = (**row)["pieces"], have = (**row)["bytes"];
    if (number < next) return row_response(200, **row);  // it came before
    if (number > next) {
      Problem gap{409, "piece-missing", "The pieces before this one are not here yet; go on with next."};
      gap.more["next"] = next;
      return tl::make_unexpected(gap);
    }
    if (have + bytes > kMostVideoBytes)
      return problem(413, "too-long", "A video has 4 GiB at most; begin another one.");
    const Granted<Json> session = open_session(in, (**row)["session"], call.now);
    if (!session) return tl::make_unexpected(session.error());
    if (!kept) return nothing();
    const auto added = in.change(
        "INSERT INTO video_piece (video, number, name, begin_byte, bytes) VALUES ($1, $2, $3, $4, $5)", id,
        number, name, have, bytes);
    if (!added) return trouble(added);
    Json patch{{"pieces", number + 1}, {"bytes", have + bytes}};
    if (number == 0) patch["media"] = media;
    const auto changed = archive::update(in, archive::kVideo, id, std::nullopt, patch, call.now);
    if (!changed) return trouble(changed);
    return row_response(200, **changed);
  };
  const auto as_it_is = [&]() -> Answer {
    kept = false;
    Answer out = tl::make_unexpected(Problem{});
    const Status asked = office.database.read([&](store::Connection& in) -> Status {
      out = place(in);
      return {};
    });
    return asked ? out : Answer{tl::make_unexpected(problem_of(asked.error()))};
  };
  // Asked before the disk is written to, and again when it is.
  Answer may = as_it_is();
  if (!may || may->status == 200) return may;
  if (const Status sealed = office.recordings.keep(id, name, call.request.body_file); !sealed) {
    spdlog::error("request {}: {}", call.request.id, sealed.error().text());
    return problem(507, "out-of-space", "This piece could not be kept; the disk may be full.");
  }
  kept = true;
  Answer answer = write(office, call, place, "piece " + std::to_string(number));
  // The same piece was sent twice at once, and the other one was sooner.
  if (!answer && answer.error().slug == "exists") answer = as_it_is();
  bool ours = false;
  const Status looked = office.database.read([&](store::Connection& in) -> Status {
    const auto rows = in.query("SELECT number FROM video_piece WHERE video = $1 AND name = $2", id, name);
    if (!rows) return tl::make_unexpected(rows.error());
    ours = !rows->empty();
    return {};
  });
  if (looked && !ours) office.recordings.remove(id, name);
  return answer;
}

struct Wanted {
  std::int64_t begin = 0, end = 0;
};
// Of "bytes=0-99", "bytes=100-" or "bytes=-100" (RFC 9110, 14.1.2). nullopt: something else, which is as if
// it were not there; begin = end: none of it is in the video.
std::optional<Wanted> range_of(std::string_view text, std::int64_t bytes) {
  constexpr std::string_view kUnit = "bytes=";
  if (!text.starts_with(kUnit)) return std::nullopt;
  text.remove_prefix(kUnit.size());
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos || text.find(',') != std::string_view::npos) return std::nullopt;
  const auto number = [](std::string_view digits) -> std::optional<std::int64_t> {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value < 0) return std::nullopt;
    return value;
  };
  const auto first = number(text.substr(0, dash)), last = number(text.substr(dash + 1));
  if (dash == 0) {
    if (!last) return std::nullopt;
    return Wanted{std::max<std::int64_t>(0, bytes - *last), bytes};
  }
  if (!first || (!last && dash + 1 != text.size()) || (last && *last < *first)) return std::nullopt;
  if (*first >= bytes) return Wanted{bytes, bytes};
  return Wanted{*first, last ? std::min(bytes, *last + 1) : bytes};
}

Answer get_video_file(Office& office, Call& call) {
  const std::string id = call.text("video");
  Json row;
  std::vector<jobs::VideoPiece> pieces;
  Answer found = read(office, call, [&](store::Connection& in) -> Answer {
    const auto video = archive::find(in, archive::kVideo, id);
    if (!video) return trouble(video);
    if (!*video || !(**video)["media"].is_string()) return no_such();
    row = **video;
    auto all = jobs::pieces_of(in, id);
    if (!all) return trouble(all);
    pieces = std::move(*all);
    return nothing();
  });
  if (!found) return found;
  const std::int64_t bytes = row["bytes"];
  Response out;
  out.headers = {{"content-type", row["media"].get<std::string>()},
                 {"accept-ranges", "bytes"},
                 {"cache-control", "no-store"}};
  Wanted wanted{0, bytes};
  if (const auto range = range_of(call.text("Range"), bytes)) {
    if (range->begin == range->end) {
      Problem none{416, "no-such-range",
                   "The video has no such bytes; it has " + std::to_string(bytes) + "."};
      none.more["bytes"] = bytes;
      return tl::make_unexpected(none);
    }
    wanted = {range->begin, std::min(range->end, range->begin + kMostRangeBytes)};
    out.status = 206;
    out.headers.emplace_back("content-range", "bytes " + std::to_string(wanted.begin) + "-" +
                                                  std::to_string(wanted.end - 1) + "/" +
                                                  std::to_string(bytes));
  }
  out.file = office.jobs.outgoing(call.request.id);
  if (const Status opened = office.recordings.unseal(id, pieces, wanted.begin, wanted.end, out.file);
      !opened) {
    spdlog::error("request {}: {}", call.request.id, opened.error().text());
    return problem(500, "failed", "This video cannot be read; the log has it under this request.");
  }
  return out;
}

Answer remove_video(Office& office, Call& call) {
  Answer answer = remove_row(office, call, archive::kVideo, "video");
  if (answer) office.recordings.remove(call.text("video"));
  return answer;
}

}  // namespace

void add_video_routes(Handlers& handlers) {
  handlers["makeVideo"] = make_video;
  handlers["listVideos"] = list_videos;
  handlers["getVideo"] = get_video;
  handlers["sendVideoPiece"] = send_piece;
  handlers["getVideoFile"] = get_video_file;
  handlers["removeVideo"] = remove_video;
}

}  // namespace pyro::serve
