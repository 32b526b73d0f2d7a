/* Words to begin from, by the step that they go with. They are put into the field, so that nothing is sent unread. */
import { phrase } from '../../shared/words';
import type { Kind } from '../words';

type Phrase = readonly [vi: string, en: string];

const ofReports: Record<string, readonly Phrase[]> = {
  ask: [
    ['Xin cho biết địa chỉ hoặc mốc dễ thấy gần nơi xảy ra.', 'Please tell us the address, or a landmark near the place.'],
    ['Xin gửi thêm một ảnh thấy toàn cảnh nơi xảy ra.', 'Please send another photo that shows the whole place.'],
    ['Sự việc xảy ra lúc nào, nay còn không?', 'When did it happen, and does it go on?'],
  ],
  answer: [
    ['Đơn vị đã đến nơi và xử lý xong, kết quả ở ảnh kèm theo. Cảm ơn bạn đã phản ánh.', 'We went there and it is done, as the photos show. Thank you for your report.'],
    ['Đơn vị đã kiểm tra tại chỗ: sự việc không còn. Nếu tái diễn, xin bạn mở lại phản ánh này.', 'We looked on site: it is no longer so. Should it happen again, please reopen this report.'],
    ['Đơn vị đã nhắc nhở, yêu cầu khắc phục và sẽ tiếp tục theo dõi.', 'Those responsible were told to put it right, and we keep an eye on it.'],
  ],
  transfer: [
    ['Nơi xảy ra thuộc địa bàn của đơn vị khác.', 'The place lies in another unit’s area.'],
    ['Việc này do ngành khác quản lý; đơn vị đã kiểm tra và gửi kèm thông tin.', 'Another field is in charge of this; we have looked and send what we found.'],
  ],
  reject: [
    ['Phản ánh chưa đủ thông tin để kiểm tra. Xin gửi lại kèm địa chỉ và ảnh.', 'There is too little to look into. Please send it again with the address and a photo.'],
    ['Nội dung này được giải quyết theo thủ tục riêng; xin liên hệ nơi ghi ở lý do.', 'This has a procedure of its own; please turn to who is named in the reason.'],
  ],
  extend: [
    ['Cần thêm thời gian chờ vật tư thay thế.', 'Parts are being waited for.'],
    ['Thời tiết chưa cho phép làm việc an toàn.', 'The weather does not let the work be done safely.'],
    ['Cần phối hợp với đơn vị khác tại hiện trường.', 'Another unit has to come, too.'],
  ],
  send_back: [
    ['Ảnh kết quả chưa cho thấy việc đã xong. Xin chụp lại cùng góc với ảnh của người gửi.', 'The photos do not show that it is done. Please take one from where the reporter did.'],
    ['Câu trả lời chưa nói rõ đã làm gì, khi nào. Xin viết cụ thể hơn.', 'The answer does not say what was done, and when. Please be plainer.'],
  ],
};

const ofDossiers: Record<string, readonly Phrase[]> = {
  supplement: [['Đề nghị ông, bà bổ sung giấy tờ, thông tin nêu trên.', 'Please hand in what is named above.']],
  hand_over: [['Đã trao bản giấy; người nhận đã ký sổ.', 'Handed out on paper; the recipient signed for it.']],
  pause: [['Hệ thống gặp sự cố. Thời gian tạm dừng không tính vào hạn giải quyết.', 'The system failed. The time of the pause does not count.']],
  deny: [['Hồ sơ không đủ điều kiện giải quyết theo quy định.', 'The conditions are not met.']],
  propose: [
    ['Hồ sơ đủ và hợp lệ. Kính trình lãnh đạo ký kết quả.', 'The dossier is complete and in order. For your signature.'],
    ['Hồ sơ không đủ điều kiện giải quyết. Kính trình lãnh đạo xem xét.', 'The conditions are not met. For your decision.'],
  ],
  send_back: [
    ['Đề nghị làm rõ căn cứ của đề xuất.', 'Please explain what the proposal rests on.'],
    ['Đề nghị kiểm tra lại kết quả: thông tin chưa khớp với tờ khai.', 'Please check the result: it does not match the form.'],
  ],
  apologise: [['Xin lỗi ông, bà vì chưa trả kết quả đúng hẹn. Cơ quan đang hoàn tất và sẽ trả đúng ngày hẹn mới.', 'We apologise that the result was not ready in time. It will be on the new day.']],
};

const ofComplaints: Record<string, readonly Phrase[]> = {
  answer: [
    ['Đã kiểm tra và nhắc nhở người giải quyết. Xin lỗi ông, bà vì sự chậm trễ.', 'We looked into it and spoke to who handles it. We are sorry for the delay.'],
    ['Đã kiểm tra: việc giải quyết đúng quy định, vì lý do sau: …', 'We looked into it: it was handled as the rules say, because: …'],
  ],
  refuse: [['Nội dung này được giải quyết theo thủ tục riêng; xin liên hệ nơi ghi ở lý do.', 'This has a procedure of its own; please turn to who is named in the reason.']],
};

/* Of demands, which any case has. */
const ofDemands: Record<string, readonly Phrase[]> = {
  urge: [['Việc này đã hoặc sắp quá hạn. Đề nghị xử lý ngay và trả lời người dân.', 'This is late, or soon will be. Deal with it now and answer the citizen.']],
  respond: [
    ['Đơn vị đã xử lý xong và đã trả lời người dân.', 'It is done, and the citizen has been answered.'],
    ['Đơn vị đang xử lý. Lý do chậm: …; sẽ xong trước: …', 'It is being dealt with. Late because: …; done by: …'],
  ],
  explain: [['Đề nghị nêu rõ lý do chậm và thời điểm hoàn thành.', 'State why it is late, and when it will be done.']],
};

const of: Record<Kind, Record<string, readonly Phrase[]>> = { report: ofReports, dossier: ofDossiers, complaint: ofComplaints };

export const phrasesOf = (verb: string, kind: Kind): string[] => (of[kind][verb] ?? ofDemands[verb] ?? []).map((row) => phrase(row));

/* Put below what is there already; once. */
export const withPhrase = (note: string, words: string): string => [note.trimEnd(), words].filter(Boolean).join('\n');
